"""RULE UNDER TEST: an extract of OpenStreetMap becomes streets and places, or one sentence says why not."""

import bz2
import gzip
import zipfile

import numpy as np
import osmium
import pytest

from accessibility.errors import AccessibilityError, DataError, ModelError, SourceError, UsageError
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.sources.osm import read_streets
from accessibility.sources.osm_places import read_osm_places
from tests.reference import reference
from tests.unit.osm_worlds import CRS, bans, codes, osm_xml, streets_of

NODES = "A 0 0, B 100 0 highway=traffic_signals, C 200 0, D 100 80"
WAYS = """1 A B C highway=residential name=East_Road oneway=yes maxspeed=30
2 B D highway=steps"""
WORLD = osm_xml(NODES, WAYS)


def same(streets, others):
    """Compare every column but the provenance."""
    for name in set(streets.__dataclass_fields__) - {"provenance"}:
        np.testing.assert_array_equal(getattr(streets, name), getattr(others, name), err_msg=name)
    return True


def test_a_small_town(tmp_path):
    streets = streets_of(tmp_path, NODES, WAYS)

    assert streets.crs == CRS
    assert streets.segment_classes(range(3)) == ["residential", "residential", "steps"]
    assert streets.segment_names(range(3)) == ["East Road", "East Road", ""]
    assert streets.forward.tolist() == [EVERYONE, EVERYONE, WALK]
    assert streets.backward.tolist() == [WALK, WALK, WALK]
    assert streets.steps.tolist() == [False, False, True]
    assert streets.speed_cap_mps == pytest.approx([30 / 3.6, 30 / 3.6, np.inf])
    assert streets.node_ids[streets.node_signal].tolist() == [2]
    assert streets.length_m == pytest.approx([100, 100, 80], abs=0.1)


def pack(kind, text, folder):
    """Write a world in one of the formats."""
    plain = folder / "plain.osm"
    plain.write_text(text, encoding="utf-8")
    path = folder / f"town{kind}"
    if kind.endswith(".pbf"):
        with osmium.SimpleWriter(str(path)) as writer:
            for thing in osmium.FileProcessor(str(plain)):
                writer.add(thing)
    else:
        squeeze = {".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}.get(kind, bytes)
        path.write_bytes(squeeze(text.encode()))
    return path


@pytest.mark.parametrize("kind", [".osm.pbf", ".pbf", ".osm", ".osm.xml", ".osm.gz", ".osm.bz2", ".OSM"])
def test_every_format_gives_the_same_streets(tmp_path, kind):
    streets = read_streets(pack(kind, WORLD, tmp_path), crs=CRS)

    assert same(streets, streets_of(tmp_path, NODES, WAYS))


def test_the_record_names_the_file_its_hash_its_licence_and_its_date(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(osm_xml(NODES, WAYS).replace("<node", '<meta osm_base="2026-03-01T00:00:00Z"/><node', 1))

    (source,) = read_streets(path).provenance.sources

    assert (source.file, source.title, source.licence) == ("town.osm", "OpenStreetMap", "ODbL 1.0")
    assert (len(source.sha256), source.date) == (64, "2026-03-01T00:00:00Z")


def test_nodes_behind_the_ways_are_found(tmp_path):
    lines = WORLD.splitlines()
    nodes = [line for line in lines if line.startswith("<node")]
    others = [line for line in lines if not line.startswith("<node")]
    path = tmp_path / "turned.osm"
    path.write_text("\n".join([*others[:-1], *nodes, others[-1]]), encoding="utf-8")

    assert same(read_streets(path, crs=CRS), streets_of(tmp_path, NODES, WAYS))


def test_ways_nobody_may_use_are_left_out_and_told(tmp_path):
    streets = streets_of(tmp_path, NODES, WAYS + "\n3 C D highway=service access=private")

    assert streets.way_ids.tolist() == [1, 1, 2]
    assert codes(streets)["osm-closed-ways"] == 1


def test_a_way_at_the_edge_of_the_extract_keeps_what_is_known(tmp_path):
    streets = streets_of(tmp_path, NODES, WAYS + "\n3 C D Z highway=service\n4 A Z highway=service")

    assert streets.way_ids.tolist() == [1, 1, 2, 3]
    assert codes(streets)["osm-clipped-ways"] == 2


def test_a_way_with_a_gap_is_not_bridged(tmp_path):
    streets = streets_of(tmp_path, "A 0 0, B 50 0, C 100 0, D 150 0", "1 A B Z C D highway=residential")

    assert streets.n_segments == 2


def test_islands_unknown_classes_repeated_ways_and_missing_restrictions_are_told(tmp_path):
    nodes = NODES + ", E 900 900, F 900 950"
    ways = WAYS + "\n3 E F highway=footway\n4 A D highway=hyperloop\n2 C D highway=steps"

    streets = streets_of(tmp_path, nodes, ways)

    assert codes(streets) == {
        "osm-unknown-highway": 1,
        "osm-repeated-way": 1,
        "osm-no-restrictions": 1,
        "osm-islands": 1,
    }


def test_deleted_things_are_left_out(tmp_path):
    path = tmp_path / "edited.osm"
    path.write_text(WORLD.replace('<way id="2"', '<way id="2" visible="false"'), encoding="utf-8")

    assert set(read_streets(path).way_ids.tolist()) == {1}


def test_the_same_file_gives_the_same_bytes(tmp_path):
    first, second = (streets_of(tmp_path, NODES, WAYS) for _ in range(2))

    assert same(first, second)
    assert first.provenance == second.provenance


BOMB = """<?xml version="1.0"?>
<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<osm version="0.6"><node id="1" lat="31" lon="121"><tag k="name" v="&b;"/></node></osm>
"""


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.osm.pbf", b"", "osm-empty"),
        ("page.osm.pbf", b"<!DOCTYPE html><html><body>404</body></html>", "osm-format"),
        ("page.osm", b"<!DOCTYPE html><html><body>404</body></html>", "osm-format"),
        ("archive.osm.pbf", b"PK\x03\x04rest", "osm-format"),
        ("packed.osm.pbf", gzip.compress(WORLD.encode(), mtime=0), "osm-format"),
        ("packed.osm", gzip.compress(WORLD.encode(), mtime=0), "osm-format"),
        ("plain.osm.gz", WORLD.encode(), "osm-format"),
        ("words.osm.gz", gzip.compress(b"hello", mtime=0), "osm-format"),
        ("xml.osm.pbf", WORLD.encode(), "osm-format"),
        ("words.osm.pbf", b"hello", "osm-format"),
        ("noise.osm.pbf", bytes(range(256)), "osm-format"),
        ("noise.osm", bytes(range(1, 256)), "osm-format"),
        ("data.osm", b'{"elements": []}', "osm-format"),
        ("wide.osm", WORLD.encode("utf-16"), "osm-format"),
        ("change.osm", b'<osmChange version="0.6"></osmChange>', "osm-format"),
        ("other.osm", b'<?xml version="1.0"?><gpx></gpx>', "osm-format"),
        ("bomb.osm", BOMB.encode(), "osm-format"),
        ("late-bomb.osm", (b"<!--" + b" " * 5000 + b"-->" + BOMB.encode()), "osm-format"),
        ("cut.osm", WORLD.encode()[:-40], "osm-damaged"),
        ("cut.osm.gz", gzip.compress(WORLD.encode(), mtime=0)[:-30], "osm-damaged"),
        ("stub.osm.gz", gzip.compress(WORLD.encode(), mtime=0)[:12], "osm-damaged"),
        ("cut.osm.bz2", bz2.compress(WORLD.encode())[:-30], "osm-damaged"),
        ("crossed.osm", WORLD.replace("</way>", "</node>", 1).encode(), "osm-damaged"),
        ("numbers.osm", WORLD.replace('id="1" lon', 'id="one" lon').encode(), "osm-damaged"),
        ("latin.osm", WORLD.replace("East", "\xc9ast").encode("latin-1"), "osm-damaged"),
        ("town.txt", WORLD.encode(), "osm-suffix"),
        ("bare.osm", b'<osm version="0.6"></osm>', "osm-no-streets"),
        ("points.osm", osm_xml(NODES, "").encode(), "osm-no-streets"),
        ("rail.osm", osm_xml(NODES, "1 A B railway=rail").encode(), "osm-no-streets"),
        ("nodeless.osm", osm_xml("", "1 X Y highway=residential").encode(), "osm-nodes-missing"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises((SourceError, DataError)) as refusal:
        read_streets(path)

    assert (refusal.value.code, refusal.value.where) == (code, name)
    assert refusal.value.what
    assert refusal.value.mend


def test_a_zip_is_called_a_zip(tmp_path):
    path = tmp_path / "poa.osm.pbf"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("poa.osm", WORLD)

    with pytest.raises(SourceError, match="ZIP"):
        read_streets(path)


def test_a_missing_file_a_folder_and_an_impossible_name_are_refused(tmp_path):
    (tmp_path / "folder.osm").mkdir()
    found = []
    for name in ("none.osm.pbf", "folder.osm", "zero\0.osm", "x" * 300 + ".osm"):
        with pytest.raises(SourceError) as refusal:
            read_streets(tmp_path / name)
        found.append(refusal.value.code)

    assert found[:2] == ["osm-missing", "osm-folder"]
    assert set(found[2:]) <= {"osm-missing", "osm-unreadable"}  # which, depends on the Python version


@pytest.mark.parametrize("crs", ["EPSG:4326", "nonsense"])
def test_a_useless_coordinate_system_is_refused(tmp_path, crs):
    with pytest.raises(ModelError) as refusal:
        read_streets(pack(".osm", WORLD, tmp_path), crs=crs)

    assert refusal.value.code == "streets-crs"


def test_a_truncated_pbf_is_never_a_traceback(tmp_path):
    whole = pack(".osm.pbf", WORLD, tmp_path).read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    found = set()
    for n in range(1, len(whole)):
        cut.write_bytes(whole[:n])
        with pytest.raises(AccessibilityError) as refusal:
            read_streets(cut)
        found.add(refusal.value.code)

    assert found <= {"osm-format", "osm-damaged", "osm-no-streets"}


def blocks(data):
    """Cut a PBF between its blocks: four bytes of length, a head that ends with the size, a body."""
    starts, at = [], 0
    while at < len(data):
        starts.append(at)
        size = int.from_bytes(data[at : at + 4], "big")
        head, body, shift = data[at + 4 : at + 4 + size], 0, 0
        for byte in head[head.rindex(b"\x18") + 1 :]:  # field 3 of the head: the size as a varint
            body, shift = body | (byte & 0x7F) << shift, shift + 7
        at += 4 + size + body
    return [*starts, len(data)]


def test_a_pbf_cut_between_two_blocks_is_refused_or_loudly_told(tmp_path):
    """The world has blocks of nodes, of ways and of relations behind the header."""
    world = osm_xml(NODES, WAYS, "7 from=1 via=B to=2 restriction=no_left_turn")
    whole = pack(".osm.pbf", world, tmp_path).read_bytes()
    starts = blocks(whole)
    assert (len(starts), starts[-1]) == (5, len(whole))
    cut = tmp_path / "cut.osm.pbf"
    for end in starts[1:3]:
        cut.write_bytes(whole[:end])
        with pytest.raises(DataError) as caught:
            read_streets(cut)
        assert caught.value.code == "osm-no-streets"
    cut.write_bytes(whole[: starts[3]])
    (told,) = (n for n in read_streets(cut).provenance.notices if n.code == "osm-no-relations")
    assert told.severity == "warning"
    assert "osm-no-relations" not in codes(read_streets(tmp_path / "town.osm.pbf"))


def test_a_file_in_which_most_ways_lack_nodes_is_refused(tmp_path):
    ways = "1 A B Z highway=residential, 2 A Z highway=residential, 3 Z Y highway=residential"
    (tmp_path / "cut.osm").write_text(osm_xml("A 0 0, B 100 0", ways), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_streets(tmp_path / "cut.osm")
    assert caught.value.code == "osm-nodes-missing"


def test_a_pbf_with_one_wrong_byte_is_never_a_traceback(tmp_path):
    whole = bytearray(pack(".osm.pbf", WORLD, tmp_path).read_bytes())
    bent = tmp_path / "bent.osm.pbf"
    for n in range(len(whole)):
        for value in (0, 255, whole[n] ^ 1):
            changed = bytearray(whole)
            changed[n] = value
            bent.write_bytes(changed)
            try:
                read_streets(bent)
            except AccessibilityError:
                continue


SCHOOLS = """A 0 0 amenity=school name=Dot, B 0 0, C 100 0, D 100 100, E 0 100,
F 50 50 amenity=school name=Campus, G 60 60 amenity=school name=Other, H 300 0, I 400 0, J 400 80"""
AREAS = "1 B C D E B amenity=school name=Campus, 2 H I J amenity=hospital, 3 B C highway=residential"


def test_places_are_points_areas_and_open_lines(tmp_path):
    path = tmp_path / "places.osm"
    path.write_text(osm_xml(SCHOOLS, AREAS), encoding="utf-8")

    places = read_osm_places(path, {"amenity": ["school", "hospital"]})

    assert places.ids == ("n1", "n7", "w1", "w2")
    assert places.names == ("Dot", "Other", "Campus", "hospital w2")
    assert places.kinds == ("school", "school", "school", "hospital")
    assert set(places.fact("osm")) == {"amenity=school", "amenity=hospital"}
    assert set(places.fact("mark")) == {"S"}
    assert places.located.all()
    assert codes(places) == {"osm-place-twice": 1}


def test_tags_may_be_written_as_texts(tmp_path):
    path = tmp_path / "places.osm"
    path.write_text(osm_xml(SCHOOLS, AREAS), encoding="utf-8")

    assert read_osm_places(path, ["amenity=hospital"]).ids == ("w2",)


def test_an_area_lies_where_its_outline_is(tmp_path):
    path = tmp_path / "places.osm"
    path.write_text(osm_xml(SCHOOLS, AREAS), encoding="utf-8")

    campus = read_osm_places(path, ["amenity=school"]).take([2])
    corner = read_osm_places(path, ["amenity=school"]).take([0])

    assert float(campus.lon[0] - corner.lon[0]) == pytest.approx(50 / 95_000, rel=0.05)


def test_a_place_without_a_complete_outline_stays_without_a_position(tmp_path):
    text = osm_xml(NODES, "1 A B highway=residential")
    relation = (
        '<relation id="9"><member type="way" ref="77" role="outer"/>'
        '<tag k="type" v="multipolygon"/><tag k="amenity" v="hospital"/></relation>'
    )
    path = tmp_path / "places.osm"
    path.write_text(text.replace("</osm>", relation + "</osm>"), encoding="utf-8")

    places = read_osm_places(path, ["amenity=hospital"])

    assert (places.ids, places.located.tolist()) == (("r9",), [False])
    assert codes(places) == {"osm-place-nowhere": 1}


def test_no_place_at_all_is_told(tmp_path):
    path = tmp_path / "places.osm"
    path.write_text(WORLD, encoding="utf-8")

    places = read_osm_places(path, ["amenity=school"])

    assert len(places) == 0
    assert codes(places) == {"osm-no-places": 1}


@pytest.mark.parametrize("tags", [[], {}, ["school"], ["amenity="], {"amenity": []}])
def test_a_tag_is_written_as_key_and_value(tmp_path, tags):
    with pytest.raises(UsageError) as refusal:
        read_osm_places(tmp_path / "any.osm", tags)

    assert refusal.value.code == "osm-tag"


def test_porto_alegre_is_read_whole():
    streets = read_streets(reference("porto_alegre/poa_osm.pbf"))

    largest = codes(streets)
    assert streets.crs == "EPSG:32722"
    assert 1_850_000 < streets.length_m.sum() < 1_950_000
    assert largest["osm-closed-ways"] == 1_024
    assert largest["osm-no-restrictions"] == 1


@pytest.mark.golden
def test_porto_brings_its_turn_restrictions():
    streets = read_streets(reference("porto/porto_portugal.osm.pbf"))

    told = codes(streets)
    assert streets.provenance.sources[0].date == "2015-06-06T00:23:02Z"
    assert len(bans(streets)) > 300
    assert told["osm-restriction-missing"] + told["osm-restriction-apart"] < 30
    assert (streets.ban_modes == DRIVE | CYCLE).sum() > 300
