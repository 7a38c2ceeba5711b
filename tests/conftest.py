"""What holds for every test: nothing is kept in the folders of the person who runs them."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache_folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCESSIBILITY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
