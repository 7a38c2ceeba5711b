"""RULE UNDER TEST: a download is whole, dated and hashed, or it is not kept; the server is on loopback."""

import gzip
import hashlib
import json
import os
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import osmnx
import pytest

from accessibility.errors import DataError, OfflineError, OutputError, UsageError
from accessibility.sources.osm import read_streets
from accessibility.sources.osm_places import read_osm_places
from accessibility.sources.overpass import (
    Box,
    Servers,
    box_around,
    box_of_place,
    fetch_streets,
    overpass_query,
)
from tests.unit.osm_worlds import bans, osm_xml

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOX = Box(121.10, 31.25, 121.22, 31.33)
NODES = "A 0 0 amenity=school name=Dot, B 100 0, C 200 0, D 100 80"
WORLD = osm_xml(
    NODES,
    "1 A B highway=residential\n2 B C highway=residential\n3 B D highway=path",
    "7 from=1 via=B to=2 restriction=no_u_turn",
).replace("<node", '<note>ODbL</note><meta osm_base="2026-02-28T00:00:00Z"/><node', 1)
REMARK = WORLD.replace("</osm>", "<remark>runtime error: Query timed out in &quot;query&quot;</remark></osm>")
EMPTY = osm_xml("", "")
PLACE = [
    {
        "osm_type": "relation",
        "osm_id": 1,
        "lat": "31.29",
        "lon": "121.16",
        "display_name": "Anting",
        "class": "boundary",
        "type": "administrative",
        "importance": 0.5,
        "boundingbox": ["31.25", "31.33", "121.10", "121.22"],
        "geojson": {
            "type": "Polygon",
            "coordinates": [[[121.1, 31.25], [121.22, 31.25], [121.22, 31.33], [121.1, 31.25]]],
        },
    }
]


def answer(body, status=200, *, headers=None, length=None, wait_s=0.0):
    """Write an answer of the server; a `length` that is too long makes it look cut."""
    return {
        "body": body.encode(),
        "status": status,
        "headers": headers or {},
        "length": length,
        "wait_s": wait_s,
    }


@contextmanager
def server(*answers):
    """Serve the answers one after the other, the last for ever; gives address and what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            asked.append((self.path, parse_qs(self.rfile.read(size).decode())))
            self.reply()

        def do_GET(self):
            asked.append((self.path, {}))
            self.reply()

        def reply(self):
            said = answers[min(len(asked), len(answers)) - 1]
            time.sleep(said["wait_s"])
            try:
                self.send_response(said["status"])
                for key, value in said["headers"].items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(said["length"] or len(said["body"])))
                self.end_headers()
                self.wfile.write(said["body"])
            except OSError:
                return
            self.close_connection = True

        def log_message(self, *_args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_address[1]}/api", asked
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def patient(*mirrors, attempts=4, pauses=None, **more):
    """Make servers that never really wait."""
    sleep = (pauses if pauses is not None else []).append
    return Servers(mirrors=mirrors, attempts=attempts, timeout_s=2.0, sleep=sleep, **more)


@pytest.mark.parametrize("name", ["town.osm", "town.osm.gz", "town.osm.pbf"])
def test_a_download_is_a_file_that_is_read_again(tmp_path, name):
    with server(answer(WORLD)) as (address, asked):
        fetched = fetch_streets(BOX, tmp_path / name, now=NOW, servers=patient(address))

    streets = read_streets(fetched.path)
    assert len(asked) == 1
    assert (streets.n_segments, len(bans(streets))) == (3, 1)
    assert read_osm_places(fetched.path, ["amenity=school"]).names == ("Dot",)
    assert sorted(os.listdir(tmp_path)) == [name, name + ".json"]


def test_beside_it_stand_query_server_date_hash_and_licence(tmp_path):
    with server(answer(WORLD)) as (address, asked):
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address))

    record = json.loads((tmp_path / "town.osm.json").read_text(encoding="utf-8"))
    assert record["query"] == asked[0][1]["data"][0]
    assert record["server"] == address
    assert record["date"] == "2026-03-01T12:00:00+00:00"
    assert record["sha256"] == hashlib.sha256(WORLD.encode()).hexdigest()
    assert record["licence"].startswith("ODbL")


def test_the_same_download_is_not_asked_for_twice(tmp_path):
    with server(answer(WORLD)) as (address, asked):
        first = fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address))
        again = fetch_streets(
            BOX, tmp_path / "town.osm", now=NOW, servers=Servers(mirrors=(address,), timeout_s=9)
        )

    assert (len(asked), first.reused, again.reused, again.sha256) == (1, False, True, first.sha256)


def test_a_fresh_download_is_asked_for(tmp_path):
    with server(answer(WORLD)) as (address, asked):
        for _ in range(2):
            fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address), refresh=True)

    assert len(asked) == 2


@pytest.mark.parametrize("change", ["content", "box", "stranger"])
def test_another_file_is_not_overwritten(tmp_path, change):
    out = tmp_path / "town.osm"
    with server(answer(WORLD)) as (address, _asked):
        fetch_streets(BOX, out, now=NOW, servers=patient(address))
        if change == "content":
            out.write_text(WORLD + " ")
        if change == "stranger":
            (tmp_path / "town.osm.json").unlink()
        before = out.read_text()
        box = Box(121.10, 31.25, 121.22, 31.34) if change == "box" else BOX
        with pytest.raises(OutputError) as refusal:
            fetch_streets(box, out, now=NOW, servers=patient(address))

    assert refusal.value.code == "fetch-exists"
    assert out.read_text() == before


BAD = {
    "busy": answer("<html>busy</html>", 429, headers={"Retry-After": "7"}),
    "overloaded": answer("<html>timeout</html>", 504),
    "bad request": answer("<html>parse error</html>", 400),
    "remark": answer(REMARK),
    "web page": answer("<!DOCTYPE html><html><body>Wartung</body></html>"),
    "garbage": answer("\x00\x01garbage"),
    "json": answer('{"elements": []'),
    "nothing": answer(""),
    "cut": answer(WORLD[:-30]),
    "cut on the wire": answer(WORLD, length=len(WORLD) + 500),
    "crossed": answer(WORLD.replace("</way>", "</node>", 1)),
    "slow": answer(WORLD, wait_s=1.5),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_is_asked_for_again(tmp_path, kind):
    servers = {"attempts": 2}
    with server(BAD[kind], answer(WORLD)) as (address, asked):
        patience = patient(address, **servers)
        if kind == "slow":
            patience = Servers(mirrors=(address,), attempts=2, timeout_s=0.5, sleep=lambda _s: None)
        fetched = fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patience)

    assert len(asked) == 2
    assert fetched.path.read_text(encoding="utf-8") == WORLD


@pytest.mark.parametrize("kind", [kind for kind in BAD if kind != "slow"])
def test_nothing_is_kept_of_bad_answers(tmp_path, kind):
    with (
        server(BAD[kind]) as (address, asked),
        pytest.raises(OfflineError, match=r"\.pbf") as refusal,
    ):
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address, attempts=3))

    assert len(asked) == 3
    assert address in refusal.value.where
    assert os.listdir(tmp_path) == []


def test_what_the_server_reports_is_told(tmp_path):
    with server(BAD["remark"]) as (address, _asked), pytest.raises(OfflineError) as refusal:
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address, attempts=1))

    assert "Query timed out" in refusal.value.where


def test_the_next_mirror_is_asked_at_once(tmp_path):
    pauses = []
    with server(BAD["busy"]) as (first, asked_first), server(answer(WORLD)) as (second, asked_second):
        fetched = fetch_streets(
            BOX, tmp_path / "town.osm", now=NOW, servers=patient(first, second, pauses=pauses)
        )

    assert (len(asked_first), len(asked_second), fetched.server) == (1, 1, second)
    assert sum(pauses) == 0


def test_pauses_grow_once_every_mirror_has_failed(tmp_path):
    pauses = []
    with server(BAD["overloaded"]) as (first, _a), server(BAD["overloaded"]) as (second, _b):
        servers = patient(first, second, attempts=7, pauses=pauses, pause_s=5.0, longest_pause_s=12.0)
        with pytest.raises(OfflineError):
            fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=servers)

    assert pauses == [0, 5, 0, 10, 0, 12]


def test_a_server_that_says_how_long_to_wait_is_obeyed(tmp_path):
    pauses = []
    with server(BAD["busy"], answer(WORLD)) as (address, _asked):
        servers = patient(address, pauses=pauses, pause_s=1.0)
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=servers)

    assert pauses == [7]


def test_without_a_network_a_file_is_asked_for(tmp_path):
    with server(answer(WORLD)) as (address, _asked):
        pass  # from here on nobody listens there
    with pytest.raises(OfflineError, match=r"\.pbf") as refusal:
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address, attempts=2))

    assert refusal.value.code == "offline"


def test_a_proxy_of_the_environment_is_used(tmp_path, monkeypatch):
    with server(answer(WORLD)) as (address, asked):
        monkeypatch.setenv("http_proxy", address.removesuffix("/api"))
        monkeypatch.setenv("no_proxy", "")
        servers = patient("http://overpass.invalid/api", attempts=1)
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=servers)

    assert asked[0][0] == "http://overpass.invalid/api/interpreter"


def test_an_area_without_streets_is_an_error_at_once(tmp_path):
    with server(answer(EMPTY)) as (address, asked), pytest.raises(DataError) as refusal:
        fetch_streets(BOX, tmp_path / "town.osm", now=NOW, servers=patient(address))

    assert (refusal.value.code, len(asked)) == ("osm-no-streets", 1)
    assert os.listdir(tmp_path) == []


def test_a_packed_download_has_the_same_bytes_every_time(tmp_path):
    with server(answer(WORLD)) as (address, _asked):
        for name in ("one.osm.gz", "two.osm.gz"):
            fetch_streets(BOX, tmp_path / name, now=NOW, servers=patient(address))

    assert (tmp_path / "one.osm.gz").read_bytes() == (tmp_path / "two.osm.gz").read_bytes()
    assert gzip.decompress((tmp_path / "one.osm.gz").read_bytes()) == WORLD.encode()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with server(answer(WORLD)) as (address, _asked), pytest.raises(OutputError):
        fetch_streets(BOX, tmp_path / "file" / "town.osm", now=NOW, servers=patient(address))


def test_a_name_of_another_format_is_refused(tmp_path):
    with pytest.raises(UsageError):
        fetch_streets(BOX, tmp_path / "town.zip", now=NOW)


def test_the_query_asks_for_streets_turns_and_places():
    query = overpass_query(BOX, timeout_s=90)

    assert query.startswith("[out:xml][timeout:90];")
    for part in (
        'way["highway"](31.2500000,121.1000000,31.3300000,121.2200000)',
        "restriction",
        "hospital",
        "out body",
    ):
        assert part in query


@pytest.mark.parametrize(
    "sides", [(121.2, 31, 121.1, 32), (121, 32, 122, 31), (-181, 0, 1, 1), (0, 0, float("nan"), 1)]
)
def test_a_box_has_an_inside(sides):
    with pytest.raises(UsageError):
        Box(*sides)


def test_a_box_around_a_point():
    box = box_around(121.16, 31.29, 3000)

    assert (box.north - box.south) * 110.9 == pytest.approx(6, abs=0.01)
    assert (box.east - box.west) * 95.2 == pytest.approx(6, abs=0.02)


@pytest.mark.parametrize("around", [(200, 0, 5), (0, 100, 5), (0, 0, 0), (0, 0, -1), (0, 0, float("nan"))])
def test_a_box_around_nothing_is_refused(around):
    with pytest.raises(UsageError):
        box_around(*around)


@pytest.fixture
def _quick_osmnx(monkeypatch):
    """Let OSMnx not pause before it asks for a place."""
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _s: None)


@pytest.mark.usefixtures("_quick_osmnx")
def test_a_place_is_the_box_around_its_outline(tmp_path):
    with server(answer(json.dumps(PLACE))) as (address, asked):
        servers = patient(nominatim=address, cache_folder=tmp_path)
        boxes = {box_of_place("安亭镇", servers=servers) for _ in range(2)}

    assert boxes == {BOX}
    assert len(asked) == 1  # the second time it is remembered


@pytest.mark.usefixtures("_quick_osmnx")
def test_the_settings_of_osmnx_are_as_before():
    before = {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings) if not name.startswith("_")}
    with server(answer(json.dumps(PLACE))) as (address, _asked):
        box_of_place("Anting", servers=patient(nominatim=address))

    assert {name: getattr(osmnx.settings, name) for name in before} == before


@pytest.mark.usefixtures("_quick_osmnx")
@pytest.mark.parametrize(
    "found", [[], [{**PLACE[0], "geojson": {"type": "Point", "coordinates": [121, 31]}}]]
)
def test_a_place_without_an_outline_is_told(found):
    with server(answer(json.dumps(found))) as (address, _asked), pytest.raises(UsageError) as refusal:
        box_of_place("Nowhere", servers=patient(nominatim=address))

    assert refusal.value.code == "place-unknown"


@pytest.mark.usefixtures("_quick_osmnx")
@pytest.mark.parametrize("kind", ["busy", "overloaded", "web page", "garbage", "json"])
def test_a_bad_answer_about_a_place_is_asked_for_again_then_told(kind):
    with server(BAD[kind]) as (address, asked), pytest.raises(OfflineError):
        box_of_place("Anting", servers=patient(nominatim=address, attempts=2))

    assert len(asked) == 2
