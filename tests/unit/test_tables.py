"""RULE UNDER TEST: a table is read as it stands; what cannot be read is told with its row, not guessed."""

import datetime
import hashlib
import io
import json
import zipfile

import geopandas
import openpyxl
import pytest
from shapely.geometry import Point, box

from accessibility.errors import DataError, SourceError, UsageError
from accessibility.sources import spreadsheets, tables
from accessibility.sources.cells import cell_text
from accessibility.sources.tables import find_column, read_table


def written(folder, content, name="places.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder, *rows, change=None, name="places.xlsx"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "点位"
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    book.save(folder / name)
    return folder / name


def told(table_or_error):
    return [(notice.code, notice.severity, notice.row) for notice in table_or_error.notices]


# ---- text


def test_a_table_keeps_text_rows_and_hash(tmp_path):
    content = "id,name\n001, 甲 \n\n002,乙\n"

    table = read_table(written(tmp_path, content))

    assert table.columns == ("id", "name")
    assert table.rows == (("001", " 甲 "), ("002", "乙"))
    assert table.row_numbers == (2, 4)
    assert (table.source.file, table.source.sha256) == (
        "places.csv",
        hashlib.sha256(content.encode()).hexdigest(),
    )
    assert table.notices == ()


def test_a_label_names_the_file_everywhere(tmp_path):
    table = read_table(written(tmp_path, "id\n1,2\n"), label="places/a.csv")

    assert table.source.file == table.notices[0].file == "places/a.csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_decides_between_comma_semicolon_and_tab(tmp_path, delimiter):
    table = read_table(
        written(tmp_path, delimiter.join(["id", '"a,b;c\td"', "x"]) + "\n" + delimiter.join("123"))
    )

    assert table.columns == ("id", "a,b;c\td", "x")
    assert table.rows == (("1", "2", "3"),)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_are_lines_of_the_file_even_after_a_cell_of_two_lines(tmp_path, newline):
    table = read_table(written(tmp_path, newline.join(["id,note", f'1,"a{newline}b"', "2,c", ""])))

    assert table.row_numbers == (2, 4)


@pytest.mark.parametrize(
    ("encoding", "notice"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("gb18030", [("encoding", "info", 0)]),
        ("gbk", [("encoding", "info", 0)]),
        ("utf-16", [("encoding", "info", 0)]),
    ],
)
def test_encodings_of_offices_are_read(tmp_path, encoding, notice):
    table = read_table(written(tmp_path, "编号,名称\n1,封浜\n".encode(encoding)))

    assert (table.columns, table.rows) == (("编号", "名称"), (("1", "封浜"),))
    assert told(table) == notice


@pytest.mark.parametrize(
    "content", [b"id,name\n1,\xff\xff\n", b"\xff\xfei\x00d", "id\n1\n".encode("utf-16-le")]
)
def test_any_other_encoding_is_an_error_or_a_table_without_loss(tmp_path, content):
    if content.startswith(b"\xff\xfei"):
        content += b"\x00x"  # half a character
    with pytest.raises(SourceError) as caught:
        read_table(written(tmp_path, content))

    assert caught.value.code == "encoding"


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n,,\n"])
def test_an_empty_file_is_an_error(tmp_path, content):
    with pytest.raises(DataError) as caught:
        read_table(written(tmp_path, content))

    assert (caught.value.code, caught.value.where) == ("empty-file", "places.csv")


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    assert len(read_table(written(tmp_path, "id,lon,lat\n"))) == 0


def test_ragged_rows_are_left_out_and_told(tmp_path):
    table = read_table(written(tmp_path, "id,a\n1,x\n2\n3,y,z\n4,w,\n,,\n"))

    assert table.rows == (("1", "x"), ("4", "w"))
    assert told(table) == [("row-ragged", "error", 3), ("row-ragged", "error", 4)]


def test_an_unterminated_quote_is_told_where_it_begins(tmp_path):
    table = read_table(written(tmp_path, 'id,a\n1,x\n2,"y\n3,z\n'))

    assert table.rows == (("1", "x"),)
    assert told(table) == [("quote-unterminated", "error", 3)]


def test_a_misplaced_quote_is_told_and_later_rows_are_read(tmp_path):
    table = read_table(written(tmp_path, 'id,a\n1,"x\n2,"y"\n3,z\n'))

    assert table.rows == (("3", "z"),)
    assert told(table) == [("quote-misplaced", "error", 2)]


def test_an_unterminated_quote_in_the_header_is_an_error_that_says_so(tmp_path):
    with pytest.raises(DataError) as caught:
        read_table(written(tmp_path, 'id,"a\n1,x\n'))

    assert told(caught.value) == [("quote-unterminated", "error", 1)]


def test_a_very_long_cell_counts_as_a_quote_without_partner(tmp_path):
    table = read_table(written(tmp_path, 'id,a\n1,x\n2,"' + "y\n" * 100_000))

    assert [notice.row for notice in table.notices] == [3]


def test_nul_bytes_are_told_with_their_row(tmp_path):
    table = read_table(written(tmp_path, b"id,a\n1,x\n2,\x00\n3,y\n"))

    assert table.rows == (("1", "x"), ("3", "y"))
    assert told(table) == [("nul-byte", "error", 3)]


def test_columns_twice_and_without_a_name_are_told(tmp_path):
    table = read_table(written(tmp_path, "id,,ID,a\n1,2,3,4\n"))

    assert told(table) == [("column-nameless", "info", 1), ("column-twice", "error", 1)]


def test_error_values_of_spreadsheets_count_as_empty(tmp_path):
    table = read_table(written(tmp_path, "id,a\n1,#N/A\n"))

    assert table.rows == (("1", ""),)
    assert told(table) == [("cell-error", "warning", 2)]


def test_a_column_is_found_by_any_of_its_names(tmp_path):
    table = read_table(written(tmp_path, " Name , 编号 ,LON,ID\n1,2,3,4\n"))

    assert [find_column(table, names) for names in (("name",), ("编号", "id"), ("lng", "lon"), ("x",))] == [
        0,
        1,
        2,
        None,
    ]


# ---- files that are not what they say


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"id,lon,lat\n1,2,3\n", "not-what-it-says"),
        ("a.csv", b"PK\x03\x04....", "not-what-it-says"),
        ("a.csv", b"SQLite format 3\x00....", "not-what-it-says"),
        ("a.csv", b"%PDF-1.7", "not-what-it-says"),
        ("a.xls", b"<html><table></table></html>", "not-what-it-says"),
        ("a.xls", b"id,lon,lat\n", "not-what-it-says"),
        ("a.geojson", b"id,lon,lat\n", "not-what-it-says"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old-excel"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old-excel"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password-protected",
        ),
        ("a.docx", b"PK\x03\x04", "unknown-file"),
        ("places", b"id\n1\n", "unknown-file"),
        ("a.xlsx", b"PK\x03\x04 not really", "file-damaged"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "file-damaged"),
        ("a.geojson", b'{"type": "Topology"}', "not-what-it-says"),
        ("a.geojson", b"[" * 100_000, "file-damaged"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(200), "file-damaged"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_named(tmp_path, name, content, code):
    with pytest.raises(SourceError) as caught:
        read_table(written(tmp_path, content, name))

    assert (caught.value.code, caught.value.where) == (code, name)


def test_a_renamed_file_says_what_it_is(tmp_path):
    path = written(tmp_path, b"id,lon,lat\n", "a.xlsx")

    with pytest.raises(SourceError) as caught:
        read_table(path)

    assert ".csv" in caught.value.mend


@pytest.mark.parametrize("name", ["missing.csv", "no/folder.csv", "nul\0byte.csv"])
def test_a_missing_file_is_an_error(tmp_path, name):
    with pytest.raises(SourceError) as caught:
        read_table(tmp_path / name)

    assert caught.value.code in ("file-missing", "file-unreadable")


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(SourceError) as caught:
        read_table(tmp_path)

    assert caught.value.code == "file-unreadable"


def test_a_file_beyond_the_size_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MAX_FILE_BYTES", 5)

    with pytest.raises(SourceError) as caught:
        read_table(written(tmp_path, "id,lon,lat\n"))

    assert caught.value.code == "file-too-large"


# ---- workbooks


def test_cells_of_a_workbook_become_text(tmp_path):
    row = ["001", 7, 3.0, 121.29254, True, datetime.datetime(2021, 12, 30), datetime.time(6, 30), None]

    table = read_table(workbook(tmp_path, list("abcdefgh"), row))

    assert table.rows == (("001", "7", "3", "121.29254", "TRUE", "2021-12-30", "06:30:00", ""),)
    assert table.row_numbers == (2,)


def test_a_number_shown_with_leading_zeros_keeps_them(tmp_path):
    def pad(sheet):
        sheet["A2"].number_format = "000"

    assert read_table(workbook(tmp_path, ["id"], [1], change=pad)).rows == (("001",),)


def test_empty_rows_count_but_are_not_read(tmp_path):
    table = read_table(workbook(tmp_path, [], ["id", "a"], [1, 2], [], [3, None]))

    assert (table.columns, table.rows, table.row_numbers) == (("id", "a"), (("1", "2"), ("3", "")), (3, 5))


def test_merged_cells_count_for_every_row_they_cover(tmp_path):
    path = workbook(
        tmp_path,
        ["id", "类别"],
        [1, "医院"],
        [2, None],
        [3, "学校"],
        change=lambda sheet: sheet.merge_cells("B2:B3"),
    )

    table = read_table(path)

    assert table.rows == (("1", "医院"), ("2", "医院"), ("3", "学校"))
    assert told(table) == [("merged-cells", "info", 2)]


def test_a_merged_title_above_the_header_is_left_out(tmp_path):
    path = workbook(
        tmp_path, ["嘉定区医院一览表"], ["id", "a", "b"], [1, 2, 3], change=lambda s: s.merge_cells("A1:C1")
    )

    table = read_table(path)

    assert (table.columns, table.rows, table.row_numbers) == (("id", "a", "b"), (("1", "2", "3"),), (3,))
    assert told(table) == [("title-row", "info", 1)]


def test_formulas_without_a_stored_value_are_told(tmp_path):
    table = read_table(workbook(tmp_path, ["id", "a"], [1, "=1+1"]))

    assert table.rows == (("1", ""),)
    assert told(table) == [("formula-no-value", "warning", 2)]


def test_error_values_in_cells_are_told(tmp_path):
    table = read_table(workbook(tmp_path, ["id", "a"], [1, "#N/A"]))

    assert table.rows == (("1", ""),)
    assert [(n.code, n.row, n.field, n.value) for n in table.notices] == [("cell-error", 2, "a", "#N/A")]


def test_cells_beside_the_table_are_told(tmp_path):
    table = read_table(workbook(tmp_path, ["id", "a"], [1, 2, None, "remark"]))

    assert (table.columns, table.rows) == (("id", "a"), (("1", "2"),))
    assert told(table) == [("cell-beside-table", "warning", 2)]


def test_a_wrong_dimension_in_the_file_loses_no_cells(tmp_path):
    path = workbook(tmp_path, ["id", "a"], [1, 2])
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"'))

    assert read_table(path).rows == (("1", "2"),)


def rewrite(path, member, change):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_the_first_visible_sheet_is_read_and_the_others_named(tmp_path):
    def more(sheet):
        hidden = sheet.parent.create_sheet("隐藏", 0)
        hidden.sheet_state = "hidden"
        sheet.parent.create_sheet("第二").append(["id"])

    path = workbook(tmp_path, ["id"], ["1"], change=more)

    assert read_table(path).rows == (("1",),)
    assert told(read_table(path)) == [("further-sheets", "info", 0)]
    assert read_table(path, sheet="第二").rows == ()


def test_an_unknown_sheet_names_those_there_are(tmp_path):
    with pytest.raises(UsageError, match="点位") as caught:
        read_table(workbook(tmp_path, ["id"]), sheet="x")

    assert caught.value.code == "unknown-sheet"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED_BYTES", 1000)

    with pytest.raises(SourceError) as caught:
        read_table(workbook(tmp_path, ["id"]))

    assert caught.value.code == "file-too-large"


@pytest.mark.parametrize(
    ("member", "word"),
    [("word/document.xml", "Word"), ("xl/workbook.bin", "xlsb"), ("mimetype", "OpenDocument")],
)
def test_another_office_document_called_xlsx_is_named(tmp_path, member, word):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(member, "x")

    with pytest.raises(SourceError) as caught:
        read_table(written(tmp_path, data.getvalue(), "a.xlsx"))

    assert caught.value.code == "not-what-it-says"


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_a_damaged_workbook_is_told_as_damaged(tmp_path, member):
    path = workbook(tmp_path, ["id"], [1])
    rewrite(path, member, lambda xml: xml[: len(xml) // 2])

    with pytest.raises(SourceError) as caught:
        read_table(path)

    assert caught.value.code in ("file-damaged", "no-sheet")


@pytest.mark.parametrize(
    ("value", "text"), [(float("nan"), ""), (1e20, "1e+20"), (-3.0, "-3"), ({"a": "甲"}, '{"a": "甲"}')]
)
def test_values_as_text(value, text):
    assert cell_text(value) == text


# ---- geometry


def feature(geometry, **facts):
    return {"type": "Feature", "properties": facts, "geometry": geometry}


def geojson(folder, *features, **members):
    document = {"type": "FeatureCollection", "features": list(features), **members}
    return written(folder, json.dumps(document), "places.geojson")


def point(lon, lat):
    return {"type": "Point", "coordinates": [lon, lat]}


def test_geojson_features_become_rows_with_their_point_first(tmp_path):
    table = read_table(geojson(tmp_path, feature(point(121.5, 31.25), id="001", beds=20, name=None)))

    assert table.columns == ("lon", "lat", "id", "beds", "name")
    assert table.rows == (("121.5", "31.25", "001", "20", ""),)
    assert (table.row_numbers, table.system, table.has_geometry) == ((1,), "", True)


def test_geojson_gives_the_id_of_a_feature_where_its_properties_have_none(tmp_path):
    table = read_table(geojson(tmp_path, {**feature(point(1, 2), a="x"), "id": 7}))

    assert table.rows == (("1.0", "2.0", "7", "x"),)


def test_areas_become_a_point_inside_them(tmp_path):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}

    table = read_table(geojson(tmp_path, feature(square, id=1)))

    assert table.rows == (("1.0", "1.0", "1"),)
    assert told(table) == [("geometry-to-point", "info", 1)]


@pytest.mark.parametrize(
    "geometry", [None, {"type": "Point", "coordinates": []}, {"type": "Polygon", "coordinates": []}]
)
def test_a_feature_without_geometry_has_an_empty_position(tmp_path, geometry):
    assert read_table(geojson(tmp_path, feature(geometry, id=1))).rows == (("", "", "1"),)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Blob"},
        {"type": "Point", "coordinates": ["a", 1]},
        "x",
        {},
        {"type": "Polygon", "coordinates": [[1, 2]]},
    ],
)
def test_a_malformed_geometry_is_told_with_its_feature(tmp_path, geometry):
    table = read_table(geojson(tmp_path, feature(point(1, 2), id=1), feature(geometry, id=2)))

    assert ("geometry-malformed", "error", 2) in told(table)


@pytest.mark.parametrize("member", ["x", {"properties": [1]}, None])
def test_a_malformed_feature_is_told(tmp_path, member):
    table = read_table(geojson(tmp_path, feature(point(1, 2), id=1), member))

    assert told(table) == [("feature-malformed", "error", 2)]


def test_the_old_member_crs_counts(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}

    assert read_table(geojson(tmp_path, feature(point(1, 2), id=1), crs=crs)).system == "epsg:4549"


def test_an_unknown_crs_in_a_file_is_an_error(tmp_path):
    with pytest.raises(SourceError) as caught:
        read_table(geojson(tmp_path, crs={"type": "name", "properties": {"name": "local grid"}}))

    assert caught.value.code == "unknown-coordinate-system"


def test_a_column_beside_the_geometry_is_told(tmp_path):
    table = read_table(geojson(tmp_path, feature(point(1, 2), id=1, Lon=9)))

    assert table.columns == ("lon", "lat", "id")
    assert told(table) == [("column-beside-geometry", "info", 0)]


def geopackage(folder, layer="places", **frame):
    path = folder / "places.gpkg"
    geopandas.GeoDataFrame(frame, crs=frame.pop("crs", "EPSG:4549")).to_file(path, layer=layer, driver="GPKG")
    return path


def test_a_geopackage_states_its_coordinate_system(tmp_path):
    points = [Point(610208.5, 3463748.5), box(0, 0, 2, 4), None]

    table = read_table(geopackage(tmp_path, id=["001", "002", "003"], beds=[1.0, 2.5, None], geometry=points))

    assert (table.columns, table.system) == (("lon", "lat", "fid", "id", "beds"), "epsg:4549")
    assert table.rows == (
        ("610208.5", "3463748.5", "1", "001", "1"),
        ("1.0", "2.0", "2", "002", "2.5"),
        ("", "", "3", "003", ""),
    )
    assert told(table) == [("geometry-to-point", "info", 2)]


def test_the_first_layer_is_read_and_an_unknown_one_named(tmp_path):
    geopackage(tmp_path, id=["a"], geometry=[Point(1, 2)])
    path = geopackage(tmp_path, layer="second", id=["b"], geometry=[Point(1, 2)])

    assert told(read_table(path)) == [("further-sheets", "info", 0)]
    assert read_table(path, sheet="second").rows[0][3] == "b"
    with pytest.raises(UsageError, match="second"):
        read_table(path, sheet="third")
