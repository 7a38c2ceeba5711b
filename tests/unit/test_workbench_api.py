"""RULE UNDER TEST: whatever a request holds, the workbench answers in words, loses nothing and lives on."""

import io
import json
import re
import threading
import zipfile

import pytest

from accessibility.sources.driving_plan.read import read_driving_plan
from accessibility.sources.scenario_file import read_scenario
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.workbench.app import ServerSettings, make_app
from accessibility.workbench.guard import Access
from tests.serving import STUDY, serving

SETTINGS = {
    "as_of": "2021-12-30",
    "period": "peak",
    "percentile": 50,
    "mode": "transit",
    "targets": ["metro"],
}
SHUTTLE = {
    "type": "add_line",
    "id": "new-1",
    "name": "短驳",
    "both_ways": True,
    "stops": [{"name": "园区", "lon": 121.237, "lat": 31.26}, "封浜"],
    "headways": [{"days": "daily", "from": "06:00", "to": "22:00", "every_s": 600}],
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("scenarios")) as one:
        yield one


def made(served, name="情景", *changes):
    status, _, stored = served.ask("POST", "/api/scenarios", {"name": name, "modification": list(changes)})
    assert status == 201, stored
    return stored


def refused(answer, status, code):
    got, _, body = answer
    assert (got, body["error"]["code"]) == (status, code)
    assert body["error"]["what"]


def test_what_is_saved_is_a_file_that_the_command_line_reads(served):
    off = {"type": "remove_line", "route": "jd112", "enabled": False}
    stored = made(served, "短驳", SHUTTLE, off)
    scenario = read_scenario(served.folder / f"{stored['id']}.toml")

    assert scenario.name == "短驳"
    assert [type(one).__name__ for one in scenario.modifications] == ["AddLine"]
    status, _, again = served.ask("GET", f"/api/scenarios/{stored['id']}")
    assert status == 200
    assert again["scenario"]["modification"] == [SHUTTLE, off]


def test_a_state_that_was_replaced_meanwhile_is_never_overwritten(served):
    stored = made(served)
    path = f"/api/scenarios/{stored['id']}"
    first = served.ask("PUT", path, {"name": "甲"}, {"if-match": stored["etag"]})
    second = served.ask("PUT", path, {"name": "乙"}, {"if-match": stored["etag"]})

    assert first[0] == 200
    refused(second, 409, "scenario-changed")
    assert second[2]["error"]["current"]["scenario"]["name"] == "甲"


def test_a_file_changed_on_the_disk_is_noticed(served):
    stored = made(served)
    (served.folder / f"{stored['id']}.toml").write_text('name = "外面"\n', encoding="utf-8")
    answer = served.ask(
        "PUT", f"/api/scenarios/{stored['id']}", {"name": "里面"}, {"if-match": stored["etag"]}
    )

    refused(answer, 409, "scenario-changed")
    assert 'name = "外面"' in (served.folder / f"{stored['id']}.toml").read_text(encoding="utf-8")


def test_a_change_that_does_not_say_what_it_replaces_is_refused(served):
    stored = made(served)
    refused(served.ask("PUT", f"/api/scenarios/{stored['id']}", {"name": "x"}), 428, "if-match")
    refused(served.ask("DELETE", f"/api/scenarios/{stored['id']}"), 428, "if-match")


def test_earlier_versions_are_kept_and_can_be_read(served):
    stored = made(served, "一")
    path = f"/api/scenarios/{stored['id']}"
    for name in ("二", "三"):
        _, _, stored = served.ask("PUT", path, {"name": name}, {"if-match": stored["etag"]})
    _, _, listed = served.ask("GET", f"{path}/versions")

    assert [one["name"] for one in listed["versions"]] == ["二", "一"]
    number = listed["versions"][1]["version"]
    assert served.ask("GET", f"{path}/versions/{number}")[2]["scenario"]["name"] == "一"
    refused(served.ask("GET", f"{path}/versions/999"), 404, "version-unknown")


def test_a_damaged_file_is_listed_with_what_is_wrong_and_stops_nothing(served):
    (served.folder / "damaged.toml").write_text("name = ", encoding="utf-8")
    (served.folder / "手工 .toml").write_text('name = "手工"\n', encoding="utf-8")
    _, _, listed = served.ask("GET", "/api/scenarios")
    heads = {one["name"]: one for one in listed["scenarios"]}

    assert "TOML" in heads["damaged"]["problem"]
    assert heads["手工"]["problem"] == ""
    assert served.ask("GET", f"/api/scenarios/{heads['手工']['id']}")[0] == 200
    (served.folder / "damaged.toml").unlink()


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "not-json"),
        (b"\xff\xfe", 400, "not-json"),
        (b"[" * 200_000, 400, "not-json"),
        (b'{"name": "x", "modification": [{"type": "add_place", "lon": NaN}]}', 400, "not-json"),
        (b'{"name": "x", "modification": [{"type": "add_place", "lon": 1e999}]}', 422, "scenario-number"),
        (b"[]", 422, "scenario-shape"),
        (b'"x"', 422, "scenario-shape"),
        (b'{"name": "x", "modification": {}}', 422, "scenario-shape"),
        (b'{"modification": []}', 422, "scenario-name"),
        (b'{"name": "  "}', 422, "scenario-name"),
        (b'{"name": null}', 422, "scenario-kind"),
        (b'{"name": "a\\u0000b"}', 422, "scenario-text"),
        (b'{"name": "\\ud800"}', 422, "scenario-text"),
        (b'{"name": "x", "as_of": "soon"}', 422, "scenario-date"),
        (b'{"name": 7}', 422, "scenario-settings"),
        (b'{"name": "x", "path": "../../etc"}', 422, "scenario-settings"),
        (b'{"name": "x", "modification": [7]}', 422, "scenario-settings"),
        (b'{"name": "x", "modification": [{"type": "nonsense"}]}', 422, "scenario-settings"),
        (b'{"name": "x", "modification": [{"type": "remove_line", "route": 7}]}', 422, "scenario-settings"),
    ],
)  # fmt: skip
def test_a_malformed_scenario_is_refused_in_words(served, raw, status, code):
    before = len(served.ask("GET", "/api/scenarios")[2]["scenarios"])
    refused(served.ask("POST", "/api/scenarios", raw=raw), status, code)
    assert len(served.ask("GET", "/api/scenarios")[2]["scenarios"]) == before


def test_ten_thousand_stops_and_ten_megabytes_are_refused(served):
    many = {**SHUTTLE, "stops": ["封浜", "安亭"] * 5000}
    refused(served.ask("POST", "/api/scenarios", {"name": "x", "modification": [many]}), 422, "scenario-size")
    refused(
        served.ask("POST", "/api/scenarios", {"name": "x", "modification": [{}] * 201}), 422, "scenario-size"
    )
    refused(served.ask("POST", "/api/scenarios", {"name": "x" * 5000}), 422, "scenario-text")
    big = {"content-length": str(10_000_000)}
    refused(served.ask("POST", "/api/scenarios", raw=b"", headers=big), 413, "too-large")


@pytest.mark.parametrize(
    "path",
    ["/api/scenarios/..%2f..%2fstudy", "/api/scenarios/../../study.toml", "/static/..%2fapp.py",
     "/static/../app.py", "/api/scenarios/.versions", "/nothing", "/api/jobs/99999", "/api/jobs/x"],
)  # fmt: skip
def test_no_path_of_a_request_reaches_a_file(served, path):
    status, _, body = served.ask("GET", path)
    assert status == 404
    assert "error" in body


def test_a_name_holding_a_script_stays_text(served):
    stored = made(served, "<script>alert(1)</script>")
    _, headers, page = served.ask("GET", "/")

    assert stored["scenario"]["name"] == "<script>alert(1)</script>"
    assert b"alert(1)" not in page
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"host": "evil.example"}, 421, "host"),
        ({"host": "127.0.0.1:1"}, 421, "host"),
        ({"host": "[::1"}, 421, "host"),
        ({"origin": "http://evil.example"}, 403, "origin"),
        ({"origin": "null"}, 403, "origin"),
        ({"sec-fetch-site": "cross-site"}, 403, "origin"),
        ({"content-type": "text/plain"}, 415, "not-json"),
    ],
)
def test_other_pages_and_other_names_are_not_served(served, headers, status, code):
    refused(served.ask("POST", "/api/scenarios", {"name": "x"}, headers), status, code)


def test_concurrent_deletes_succeed_once(served):
    stored = made(served)
    answers = []

    def delete():
        answer = served.ask("DELETE", f"/api/scenarios/{stored['id']}", None, {"if-match": stored["etag"]})
        answers.append(answer[0])

    threads = [threading.Thread(target=delete) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [204, 404, 404, 404, 404, 404]


def test_the_description_names_every_address_and_no_other(served):
    _, _, described = served.ask("GET", "/api/openapi.json")
    app = make_app(ServerSettings(STUDY, served.folder, Access("127.0.0.1", 1))).app
    there = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in app.routes
        if route.path.startswith("/api")
        for method in route.methods - {"HEAD"}
    }
    told = {
        (path, verb) for path, verbs in described["paths"].items() for verb in verbs if verb != "parameters"
    }

    assert told == there
    for reference in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)):
        assert reference in described["components"]["schemas"]


@pytest.mark.parametrize("mode", ["walk", "cycle", "ebike", "drive"])
def test_every_mode_answers_also_where_only_the_quickest_arrive_in_time(served, mode):
    """On foot some squares lie within two hours at the highest speed alone; at the middle one they do not."""
    question = {"kind": "compare", "scenario": {"name": "x"}, "settings": {**SETTINGS, "mode": mode}}
    state, (status, _, answer) = served.job(question)
    assert (state["state"], status) == ("done", 200)
    counts = answer["targets"]["metro"]["summary"]["counts"]
    assert counts["same"] > 0
    assert counts["same"] + counts["neither"] == 1938


def test_a_shuttle_lets_squares_gain_and_costs_what_arithmetic_says(served):
    """Headway 10 min from 06:00 to 22:00 both ways: 96 departures each way."""
    question = {"kind": "compare", "scenario": {"name": "x", "modification": [SHUTTLE]}, "settings": SETTINGS}
    state, (status, _, answer) = served.job(question)
    assert (state["state"], status) == ("done", 200)
    found, (line,) = answer["targets"]["metro"], answer["lines"]
    counts = found["summary"]["counts"]

    assert counts["gain"] + counts["new"] > 0
    assert counts["lose"] + counts["lost"] == 0
    assert sum(counts.values()) == found["summary"]["n"] == len(found["before"])
    assert f"{counts['gain']}格缩短" in found["summary"]["sentence"]
    assert found["summary"]["sentence"].startswith(
        "2021-12-30，早高峰，公共交通，第 50 百分位，共 1938 个格子。"
    )
    assert line["before"] is None
    assert line["after"]["trips"] == 192
    assert line["after"]["vehicle_km"] == pytest.approx(line["after"]["length_km"] * 96, abs=1)
    assert served.job(question)[0]["from_cache"]


def test_a_scenario_that_cannot_be_applied_is_told_by_its_setting(served):
    bad = {"type": "remove_line", "route": "no-such-line"}
    state, (status, _, answer) = served.job(
        {"kind": "measure", "scenario": {"name": "x", "modification": [bad]}, "settings": SETTINGS}
    )
    assert (state["state"], status) == ("failed", 422)
    assert "no-such-line" in answer["error"]["notices"][0]["value"]


@pytest.mark.parametrize(
    "question",
    [
        {},
        [],
        {"kind": "nonsense"},
        {"kind": "compare"},
        {"kind": "compare", "scenario": {"name": "x"}, "settings": 7},
        {"kind": "ride", "positions": [[121, 31]]},
        {"kind": "ride", "positions": [[121, 31], ["x", 31]]},
        {"kind": "ride", "positions": [[121, 31], [500, 31]]},
        {"kind": "reach", "scenario": {"name": "x"}, "settings": SETTINGS, "lon": True, "lat": 31},
        {"kind": "export", "scenario": {"name": "x"}, "settings": SETTINGS, "format": "../x"},
    ],
)
def test_a_malformed_question_is_refused(served, question):
    status, _, body = served.ask("POST", "/api/jobs", question)
    assert status == 422
    assert body["error"]["what"]


def test_settings_that_name_nothing_fail_in_words(served):
    wrong = {**SETTINGS, "as_of": "1999-01-01", "targets": ["nonsense"]}
    state, (_, _, answer) = served.job({"kind": "measure", "scenario": {"name": "x"}, "settings": wrong})
    assert state["state"] == "failed"
    assert "as_of, targets" in answer["error"]["what"]


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("csv", b"\xef\xbb\xbfcell_id"),
        ("xlsx", b"PK"),
        ("tables", b"PK"),
        ("plan", b"PK"),
        ("gpkg", b"SQLite"),
        ("gtfs", b"PK"),
        ("html", b"<!DOCTYPE html>"),
    ],
)
def test_every_format_is_written(served, kind, begins):
    scenario = {"name": "<b>短驳</b>", "modification": [SHUTTLE]}
    question = {"kind": "export", "format": kind, "scenario": scenario, "settings": SETTINGS}
    _, (status, headers, content) = served.job(question)

    assert status == 200
    assert content.startswith(begins)
    assert headers["content-disposition"].startswith("attachment")
    assert kind != "html" or (b"<b>" not in content and "格缩短".encode() in content)


def test_tables_are_those_of_the_command_line(served, tmp_path):
    """The saved file, compared by the command line, gives the same bytes as the download."""
    stored = made(served, "短驳", SHUTTLE)
    file = served.folder / f"{stored['id']}.toml"
    compare_files(STUDY / "study.toml", [file], CompareOptions(), out=tmp_path / "out")
    question = {"kind": "export", "format": "tables", "scenario": {"name": "短驳", "modification": [SHUTTLE]},
                "settings": {key: value for key, value in SETTINGS.items() if key != "targets"}}  # fmt: skip
    _, (status, _, content) = served.job(question)
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        written = [one for one in (tmp_path / "out" / file.stem).rglob("*") if one.is_file()]
        assert len(written) >= 4
        for one in written:
            name = one.relative_to(tmp_path / "out" / file.stem).as_posix()
            assert book.read(name) == one.read_bytes(), name
        (tmp_path / "again.toml").write_bytes(book.read("scenario.toml"))
    assert read_scenario(tmp_path / "again.toml") == read_scenario(file)


def test_the_driving_plan_of_a_shuttle_reads_back_with_all_its_departures(served, tmp_path):
    question = {"kind": "export", "format": "plan", "settings": SETTINGS,
                "scenario": {"name": "短驳", "modification": [SHUTTLE]}}  # fmt: skip
    _, (_, _, content) = served.job(question)
    (tmp_path / "plan.xlsx").write_bytes(content)
    plan = read_driving_plan(tmp_path / "plan.xlsx")

    assert [(one.line, one.origin, one.days, len(one.departures)) for one in plan.services] == [
        ("短驳", "园区", "weekday", 96),
        ("短驳", "封浜", "weekday", 96),
    ]
    assert plan.services[0].times_s[:2] == (6 * 3600, 6 * 3600 + 600)


def test_two_scenarios_are_told_apart_in_words(served):
    off = {"name": "y", "modification": [{**SHUTTLE, "name": "快线"}]}
    question = {"kind": "difference", "scenario": {"name": "y", "modification": [SHUTTLE]}, "other": off}
    _, (status, _, answer) = served.job(question)

    assert status == 200
    assert ["短驳" in one and "快线" in one for one in answer["sentences"]] == [True]


def test_the_journeys_of_a_square_take_the_times_of_the_table(served):
    scenario = {"name": "x", "modification": [SHUTTLE]}
    _, (_, _, answer) = served.job({"kind": "compare", "scenario": scenario, "settings": SETTINGS})
    for row in answer["targets"]["metro"]["summary"]["best"][:3]:
        asked = {"kind": "journey", "scenario": scenario, "settings": SETTINGS, "cell": row["id"]}
        _, (_, _, told) = served.job(asked)
        for side in ("before", "after"):
            if row[f"{side}_s"] is not None:
                minutes, seconds = divmod(row[f"{side}_s"], 60)
                assert f"{minutes}:{seconds:02d}" in told[side][-1], (row, told)
                assert row[f"{side}_to"] in told[side][-2]


def test_the_server_lives_on_after_its_worker_is_killed(served, tmp_path):
    import os
    import signal
    from pathlib import Path

    if not Path("/proc").is_dir():
        pytest.skip("children are found in /proc")
    served.ask("GET", "/api/study")
    mine = served.process.pid
    children = Path(f"/proc/{mine}/task/{mine}/children").read_text().split()
    workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) == 1
    os.kill(int(workers[0]), signal.SIGKILL)
    question = {"kind": "measure", "scenario": {"name": "x", "modification": [SHUTTLE]}, "settings": SETTINGS}
    states = [served.job(question)[0]["state"] for _ in range(3)]

    assert states[-1] == "done"


def test_beyond_this_computer_the_token_is_needed(tmp_path):
    with serving(tmp_path, "--host", "0.0.0.0") as served:
        refused(served.ask("GET", "/api/scenarios"), 401, "token")
        token = served.address.partition("token=")[2]
        status, headers, _ = served.ask("GET", f"/?token={token}")
        assert (status, headers["location"]) == (303, "/")
        cookie = {"cookie": headers["set-cookie"].partition(";")[0]}
        assert served.ask("GET", "/api/scenarios", headers=cookie)[0] == 200


def test_killing_the_server_leaves_every_file_readable(tmp_path):
    with serving(tmp_path) as served:
        _, _, stored = served.ask("POST", "/api/scenarios", {"name": "0"})
        for number in range(1, 30):
            body = {"name": str(number), "modification": [SHUTTLE] * (number % 7)}
            path = f"/api/scenarios/{stored['id']}"
            _, _, stored = served.ask("PUT", path, body, {"if-match": stored["etag"]})
        served.process.kill()
        served.process.wait(20)
    files = list(tmp_path.rglob("*.toml"))

    assert len(files) == 30
    assert read_scenario(tmp_path / f"{stored['id']}.toml").name == "29"
    assert sorted(int(read_scenario(file).name) for file in files) == list(range(30))
