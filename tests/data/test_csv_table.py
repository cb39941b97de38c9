"""CSV into tables, roles and samples; every refusal names its line and column."""

import csv
import io
import time
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.data.csv_samples import MAX_CLASSES, TableUse, dataset_of
from app.data.csv_table import MAX_ROWS, read_table
from app.data.table_rows import MAX_COLUMNS
from app.data.text.bracketed_rows import MAX_LINES
from app.data.text.encodings import decoded, decoded_again
from app.data.text.table_lines import DELIMITERS, line_numbers
from app.errors import InvalidTable
from tests.strategies import QUICK


def refusal(text: str, roles: Any = None, **how: Any) -> list[tuple[str, dict[str, object]]]:
    """The code and values of every error that a table brings."""
    classes = how.pop("classes", None)
    with pytest.raises(InvalidTable) as caught:
        dataset_of(read_table(text, **how), TableUse(roles, classes))
    found = (caught.value, *caught.value.others)
    return [(error.code, dict(error.values)) for error in found]


SIGNS = ("tab", "semicolon", "pipe", "comma")

# --- what is read -----------------------------------------------------------------------------

NAMES = st.text("abc xyz,;'\"äßé(%)", min_size=1, max_size=8).map(lambda s: f"n{s}".strip())
# None that may stand for no value, as -99 does.
NUMBERS = st.integers(-98_999, 98_999).map(lambda n: n / 1000)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[float]]]:
    columns = draw(st.integers(2, 6))
    names = draw(st.lists(NAMES, min_size=columns, max_size=columns, unique=True))
    row = st.lists(NUMBERS, min_size=columns, max_size=columns)
    return names, draw(st.lists(row, min_size=2, max_size=12))


@pytest.mark.parametrize("delimiter", SIGNS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@QUICK
@given(table=tables(), comma=st.booleans())
def test_what_was_written_is_read(
    delimiter: str, end: str, table: tuple[list[str], list[list[float]]], comma: bool
) -> None:
    names, rows = table
    sign = "," if comma and delimiter != "comma" else "."
    out = io.StringIO()
    writer = csv.writer(out, delimiter=DELIMITERS[delimiter], lineterminator=end)
    writer.writerows([names, *([repr(x).replace(".", sign) for x in row] for row in rows)])
    found = read_table(f"\ufeff{out.getvalue()}", delimiter=delimiter, header=True, decimal=sign)
    assert found.names == tuple(name.strip() for name in names)
    assert (found.header, found.delimiter) == (True, delimiter)
    data = dataset_of(found)
    assert np.hstack([data.inputs, data.targets]).tolist() == rows
    assert data.columns == found.names[:-1]
    assert data.kind == "values"


@pytest.mark.parametrize("delimiter", SIGNS)
@QUICK
@given(table=tables())
def test_the_delimiter_is_found(delimiter: str, table: tuple[list[str], list[list[float]]]) -> None:
    names, rows = table
    assume(len(names) != 3)  # Then a comma in each number might be one, too.
    text = "\n".join(DELIMITERS[delimiter].join(map(repr, row)) for row in rows)
    found = read_table(text)
    assert found.delimiter == delimiter
    found = read_table(text, header=False)
    assert found.names == tuple(str(i) for i in range(1, len(names) + 1))


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal", "cells"),
    [
        ("a;b\n0,5;1\n1,5;2", "semicolon", ",", ("0,5", "1")),
        ("a\tb\n0,5\t1\n1,5\t2", "tab", ",", ("0,5", "1")),
        ("a;b\n0.5;1\n1.5;2", "semicolon", ".", ("0.5", "1")),
        ("a,b\n0.5,1\n1.5,2", "comma", ".", ("0.5", "1")),
        ('a,b\n"1",2\n" 3 ",4', "comma", ".", ("1", "2")),
        ("a , b\n 1 , 2\n3,4", "comma", ".", ("1", "2")),
        ("a,b\n\n , \n1,2\n3,4\n,\n", "comma", ".", ("1", "2")),
    ],
)
def test_signs_are_found(text: str, delimiter: str, decimal: str, cells: tuple[str, ...]) -> None:
    table = read_table(text)
    assert (table.names, table.delimiter, table.decimal) == (("a", "b"), delimiter, decimal)
    assert table.rows[0].cells == cells
    assert len(table.rows) == 2


def test_rows_know_their_lines_through_quotes_and_gaps() -> None:
    table = read_table('a,b\n1,"x\ny"\n\n2,"say ""z"""\n')
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("1", "x\ny")),
        (5, ("2", 'say "z"')),
    ]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a,b\n1,2\n3,4", True),
        ("1,2\n3,4", False),
        ("1,yes\n2,no", False),
    ],
)
def test_a_header_is_found_and_may_be_told(text: str, header: bool) -> None:
    assert read_table(text).header is header
    assert read_table(text, header=False).names == ("1", "2")
    assert read_table(text + "\n7,8", header=True).names == tuple(text.splitlines()[0].split(","))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,ä".encode(), "a,ä"),
        ("a,ä".encode("utf-8-sig"), "a,ä"),
        ("a,ä".encode("utf-16"), "a,ä"),
        ("a,ä,b,c".encode("utf-16-le"), "a,ä,b,c"),
        ("a,ä,b,c".encode("utf-16-be"), "a,ä,b,c"),
        ("a,ä,€".encode("cp1252"), "a,ä,€"),
    ],
)
def test_files_are_decoded(content: bytes, text: str) -> None:
    assert decoded(content).text == text


OF_SCRIPTS = {
    "cp1252": "Größe;Gewicht\n1,5;3\n1,6;4\n",
    "cp1251": "Город;Рост\nМосква;170\nКазань;180\n",
    "koi8_r": "Город;Рост\nМосква;170\nКазань;180\n",
    "shift_jis": "身長;体重\n170;65\n",
    "gb18030": "身高;体重\n170;65\n",
    "euc_kr": "키;몸무게\n170;65\n",
}


@pytest.mark.parametrize("encoding", OF_SCRIPTS)
def test_encodings_of_other_scripts_are_told_apart(encoding: str) -> None:
    text = OF_SCRIPTS[encoding]
    assert decoded(text.encode(encoding)) == (text, encoding)


OF_FEW_LETTERS = {
    "cp1252": (
        "Größe", "Länge (m³);Preis £5", "Âge;Prénom;François", "año;niño", "Opções;Camões;ação",
        "Città;Età;Però", "Højde;Vægt;Åse", "Hæð;Þyngd;Ár", "Kõrgus;Mõõt", "crème;Noël;où",
        "¿Cuánto?;¡Sí!", "Café “x” – 5 €", "l’été;d’œil;cœur", "té",
    ),
    "cp1250": (
        "Płeć;x", "Gdańsk;1", "Łódź", "wysokość", "mężczyzna", "Město;Počet", "Výška;Třída",
        "Hőmérséklet;Győr", "Súly;Szűcs", "Înălţime;Vârstă", "Višina;Moč", "Dĺžka;Ľubica",
        "Miasto;Wartość\nŁódź;1\nGdańsk;3\n",
    ),
    "cp1253": ("Ύψος;Φύλο\nάνδρας", "Πόλη;x", "Ηλικία"),
    "cp1254": ("Boy;Şehir\nİstanbul", "Ağırlık;Yaş", "Öğrenci;Çağ", "kadın"),
    "cp1257": ("Aukštis;ąžuolas;ėjo", "Garums;Rīga;Ķīna"),
    "cp1251": ("Вес;x", "Имя", "Город;Рост\nМосква", "x;класс\n1;да\n2;нет",
               "Город;Население;Класс\nМосква;12;да\nОмск;1;нет\n"),
    "koi8_r": ("x;класс\n1;да\n2;нет", "Город;Население"),
    "mac_roman": ("Größe;Straße;Zähler", "Año;Población;Cádiz", "Região;Média", "x;T (°C)"),
    "cp850": ("Größe;Straße", "Año;Población;León", "x;T (°C)", "x;µm"),
    "iso8859_2": ("Źródło;Wartość;żółty", "Město;Počet;Žák"),
    "cp852": ("Źródło;Wartość;żółty", "Město;Počet;Žák"),
    "cp866": ("Город;Население\nМосква;12",),
    "mac_cyrillic": ("Город;Население\nМосква;12",),
}  # fmt: skip


@pytest.mark.parametrize("encoding", OF_FEW_LETTERS)
def test_encodings_are_told_by_a_few_letters(encoding: str) -> None:
    texts = OF_FEW_LETTERS[encoding]
    assert tuple(decoded(text.encode(encoding)).text for text in texts) == texts


def test_what_was_read_in_a_wrong_encoding_can_be_read_again() -> None:
    text = "Imię;x\n"
    wrong = decoded(text.encode("cp1250"))
    assert wrong.encoding == "cp1252"
    assert decoded_again(wrong.text, wrong.encoding, "cp1250") == (text, "cp1250")
    with pytest.raises(InvalidTable):
        decoded_again("Łódź", "cp1252", "cp1250")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,\x81", "csv_text"), (b"\xff\xfe\x00", "csv_text"), (b"a\0b", "csv_text"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "csv_format"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64\0\0\1IM", "csv_format"),
        (b"\x93NUMPY\x01\0v\0", "csv_format"),
        (b"PK\x03\x04\xff", "csv_workbook"), (b"\xd0\xcf\x11\xe0\xa1", "csv_workbook"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InvalidTable) as caught:
        decoded(content)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("sep=;", ";"), ("SEP=;", ";"), ('"sep=;"', ";"), ("sep=;;", ";"), ("sep=;  ", ";"),
        ("sep=\t", "\t"), ("sep=,", ","), ("\ufeffsep=;", ";"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_first_line_may_tell_the_separator(line: str, sign: str, end: str) -> None:
    rows = [f"a{sign}b", f'1{sign}"x,y;z"', f"2{sign}w"]
    table = read_table(end.join([line, *rows]))
    assert (DELIMITERS[table.delimiter], table.header, table.names) == (sign, True, ("a", "b"))
    assert [(row.line, row.cells) for row in table.rows] == [(3, ("1", "x,y;z")), (4, ("2", "w"))]


def test_what_tells_the_separator_is_no_row_and_errors_keep_the_files_lines() -> None:
    plain = read_table("sep=;\n1,5;2\n2,5;3")
    assert (plain.header, plain.decimal, len(plain.rows)) == (False, ",", 2)
    ((code, values),) = refusal("sep=;\na;b\n1;2\n;3\n4;5")
    assert (code, values["line"]) == ("csv_missing", 4)
    ((code, values),) = refusal("sep=;\na;b\n1;2\n2;3;4\n4;5")
    assert (code, values["line"], values["first"]) == ("csv_ragged", 4, 2)
    # It says so even where another sign would be found.
    assert read_table("sep=,\n1;5,2;5\n2;5,3;5", header=False).rows[0].cells == ("1;5", "2;5")
    assert read_table("sep=,\na;b\n1;2\n3;4", delimiter="semicolon").names == ("a", "b")
    assert refusal("sep=^\na^b\n1^2") == [("csv_separator", {"sign": "^"})]
    assert refusal("sep=;\n") == [("csv_empty", {})]
    assert read_table("sep=a,b\n1,2\n3,4").names == ("sep=a", "b")


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        ("x,x,x", ("x", "x.1", "x.2")), ("x,x.1,x", ("x", "x.1", "x.2")),
        ("t (°C),t (°C),T (°C)", ("t (°C)", "t.1 (°C)", "T (°C)")), (",b,b", ("1", "b", "b.1")),
        (f"{'n' * 60},{'n' * 60},y", ("n" * 60, f"{'n' * 58}.1", "y")),
    ],
)  # fmt: skip
def test_columns_of_one_name_are_told_apart(names: str, apart: tuple[str, ...]) -> None:
    table = read_table(f"{names}\n1.5,2,3\n2.5,3,5\n4,5,7\n", header=True)
    assert table.names == apart
    assert dataset_of(table).columns == apart[:2]


# --- roles and classes ------------------------------------------------------------------------


def test_words_in_the_last_column_become_classes() -> None:
    table = read_table("id,x,kind\nr1,0.5,setosa\nr2,1,virginica\nr3,2,setosa\nr4,3,versicolor")
    assert table.proposed_roles() == ("ignore", "input", "target")
    data = dataset_of(table)
    assert data.columns == ("x",)
    assert data.target_columns == ("kind",)
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert data.inputs.tolist() == [[0.5], [1], [2], [3]]
    assert data.targets.tolist() == [[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Id,x,y\n7,1,2\n9,1,3\n8,5,4", "ignore"),
        (",x,y\n0,1,2\n1,1,3\n2,5,4", "ignore"),
        (",x,y\n1,1,2\n2,1,3\n3,5,4", "ignore"),
        (",x,y\n1,1,2\n3,1,3\n2,5,4", "ignore"),
        (",x,y\n3,1,2\n8,1,3\n9,5,4", "ignore"),
        ('"x" "y"\n"3" 0.5 1.25\n"8" 1.5 -2.5', "ignore"),
        (",x,y\n1,1,2\n3,1,3\n3,5,4", "input"),
        (",x,y\n0.5,1,2\n3,1,3\n2,5,4", "input"),
        ("id,x,y\n1,1,2\n1,1,3\n2,5,4", "input"),
        ("t,x,y\n1,1,2\n2,1,3\n3,5,4", "input"),
        ("1,1,2\n2,1,3\n3,5,4", "ignore"),
        ("0 1.5 2\n1 1 3\n2 5 4", "ignore"),
        ("1,1,2\n2,1,3\n4,5,4", "input"),
        ("1,1,2\n2,5,4", "input"),
    ],
)
def test_a_column_that_only_counts_the_rows_is_ignored(text: str, role: str) -> None:
    assert read_table(text).proposed_roles() == (role, "input", "target")


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("x1,x2,y1,y2\n0.05,0.1,0.01,0.99", "iitt"),
        ("i1,i2,o1,o2\n0.05,0.1,0.01,0.99\n0.1,0.2,0.3,0.4", "iitt"),
        ("x_1,x_2,t_1,t_2\n1,0,1,0", "iitt"),
        ("target,x1,x2\n1,0.1,0.2\n0,0.3,0.4", "tii"),
        ("label,a,b\ncat,0.1,0.2\ndog,0.3,0.4\ncat,1,2", "tii"),
        ("y,a,b\n1,2,3\n4,5,6", "tii"),
        ("id,y,a,b\n1,1,2,3\n2,4,5,6", "-tii"),
        ("a,outcome,b\n1,0,3\n4,1,6", "iti"),
        ("t,x,y\n0,1,2\n2,3,4", "iit"),
        ("x,y,z\n1,2,3\n4,5,6", "iit"),
        ("y1,y2,x\n1,2,3\n4,5,6", "iit"),
        ("y1,y2\n1,2\n4,5", "it"),
        ("class,x,y\n1,2,3\n2,5,6", "iit"),
    ],
)  # fmt: skip
def test_targets_are_told_by_their_names(text: str, roles: str) -> None:
    assert "".join(role[0] for role in read_table(text).proposed_roles()) == roles.replace("-", "i")
    counted = [role == "ignore" for role in read_table(text).proposed_roles()]
    assert counted == [sign == "-" for sign in roles]


def test_a_column_that_counts_the_rows_is_better_than_none() -> None:
    assert read_table("id,y\n1,2\n2,3").proposed_roles() == ("input", "target")
    table = read_table("name,id,y\nAda,1,2\nBob,2,3")
    assert table.proposed_roles() == ("ignore", "input", "target")


def test_two_classes_are_one_column_and_numbers_are_classes_only_if_told() -> None:
    table = read_table("1,10\n2,9\n3,10.0")
    assert dataset_of(table).targets.tolist() == [[10], [9], [10]]
    told = dataset_of(table, TableUse(classes=True))
    assert told.classes == ("9", "10")
    assert told.targets.tolist() == [[1], [0], [1]]


def test_roles_may_be_told() -> None:
    data = dataset_of(
        read_table("y,a,b,z\n1,2,3,4\n5,6,7,8"),
        TableUse(("target", "ignore", "input", "target")),
    )
    assert (data.columns, data.target_columns) == (("b",), ("y", "z"))
    assert data.inputs.tolist() == [[3], [7]]
    assert data.targets.tolist() == [[1, 4], [5, 8]]


LONG = "How satisfied are you all in all and in all months of the year with the {} here"


def test_long_names_are_cut_where_they_differ() -> None:
    names = read_table(f"{LONG.format('food')},{LONG.format('price')},y\n1,2,3\n4,5,6\n").names
    assert names == (
        "How satisfied are you all in …of the year with the food here",
        "How satisfied are you all in …f the year with the price here", "y",
    )  # fmt: skip
    rows = "".join(f"{LONG.format(word)},{at}\n" for at, word in enumerate(("good", "bad") * 2))
    found = dataset_of(read_table(f"answer,y\n{rows}"), TableUse(roles=("input", "target")))
    assert found.columns == ("answer=How satisfied are you all …he year with the good here",)
    assert found.zeros == ("How satisfied are you all …the year with the bad here",)
    named = dataset_of(read_table("".join(f"{i},{LONG.format('x' * (i % 2))}\n" for i in range(4))))
    assert len({*named.classes}) == 2
    assert {len(name) for name in named.classes} == {60}


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("# by A\n% by B\n# x, y\n1,2\n3,4\n", ("x", "y"), 2),
        ("# by A\nx,y\n% units below\n1,2\n// a pause\n3,4\n", ("x", "y"), 2),
        ("|a|b|\n|-|:-:|\n|1|2|\n|3|4|\n", ("a", "b"), 2),
        ("a,b\n1.0,inf\n2.0,-inf\n3.0,5.0\n4.0,5.0\n", ("a", "b"), 4),
    ],
)
def test_comments_of_several_kinds_and_short_rulers_are_no_rows(
    text: str, names: tuple[str, ...], rows: int
) -> None:
    table = read_table(text)
    assert (table.names, len(table.rows)) == (names, rows)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "csv_empty"),
        (" \n\t\n", "csv_empty"),
        ("a\n1\n2", "csv_one_column"),
        ("hello world", "csv_delimiter"),
        ("a,b\n", "csv_no_rows"),
        ('a,b\n1,"2\n3,4', "csv_quote"),
        ('a,b\n1,"2"x\n3,4', "csv_quote"),
        (",".join("x" * 65) + "\n" + ",".join("1" * 65), "csv_columns"),
        ("a,b\n" + "1,2\n" * (MAX_ROWS + 1), "csv_rows"),
        ("1,2" + "\n" * MAX_LINES + "3,4", "csv_lines"),
        ("[" + "[1,2]," * MAX_LINES + "[1,2]]", "csv_lines"),
        ("1 2; " * MAX_LINES + "1 2; 3 4", "csv_lines"),
        ("[1,2]," * (MAX_LINES + 1), "csv_lines"),
        ("- " * 100_000, "csv_columns"),
        (("1," * 1_001 + "\n") * 3, "csv_columns"),
        ("a,b\n1,x\n2,x", "csv_classes"),
        ("a,b\n" + "".join(f"{i},c{i}\n" for i in range(MAX_CLASSES + 1)), "csv_classes"),
        ("".join(f"a{i % 22},b{i % 22},c{i % 22},{i}\n" for i in range(66)), "csv_inputs"),
    ],
)  # fmt: skip
def test_a_table_is_refused(text: str, code: str) -> None:
    assert refusal(text)[0][0] == code


@pytest.mark.parametrize(
    ("text", "how", "count"),
    [
        ("a,b,k", {}, 0), ("a,b,k\n", {"header": True}, 0), ("1,2", {"header": True}, 0),
        ("sep=;\na;b", {}, 0),
    ],
)  # fmt: skip
def test_rows_are_counted_without_their_header(text: str, how: Any, count: int) -> None:
    assert refusal(text, **how) == [("csv_no_rows", {"count": count, "minimum": 1})]


@pytest.mark.parametrize(
    "text", ["0.05,0.1,0.99", "x1,x2,y\n0.05,0.1,0.99", "sep=;\n0,05;0,1;0,99"]
)
def test_one_row_is_a_table(text: str) -> None:
    found = dataset_of(read_table(text))
    assert found.inputs.tolist() == [[0.05, 0.1]]
    assert found.targets.tolist() == [[0.99]]


def test_the_limits_themselves_are_allowed() -> None:
    assert len(read_table("a,b\n" + "1,2\n" * MAX_ROWS).rows) == MAX_ROWS
    wide = ",".join("1" * MAX_COLUMNS)
    assert len(read_table(f"{wide}\n{wide}").names) == MAX_COLUMNS
    names = dataset_of(read_table("".join(f"{i},c{i:02}\n" for i in range(MAX_CLASSES)))).classes
    assert len(names) == MAX_CLASSES


def test_lines_at_the_end_that_hold_nothing_do_not_count() -> None:
    for end in ("\n", ",\n", " ; |\t\r\n"):
        assert len(read_table("a,b,c\n1,2,\n" + end * (MAX_LINES + 1)).rows) == 1
    assert len(read_table("1,2" + "\n" * (MAX_LINES - 1) + "3,4").rows) == 2


def test_every_bad_cell_is_named() -> None:
    text = "a,b,c\n1,2,x\n,3,y\n4x,5,\n1e9,5,y\n1,NaN,y\n1,inf,x\n0.5,1,x\n2,2,x\n1,1,x\n1,1,x"
    places = [(code, v["line"], v["column"]) for code, v in refusal(text)]
    assert places == [
        ("csv_missing", 3, "1 (a)"),
        ("csv_number", 4, "1 (a)"),
        ("csv_missing", 4, "3 (c)"),
        ("csv_range", 5, "1 (a)"),
        ("csv_missing", 6, "2 (b)"),
        ("csv_range", 7, "2 (b)"),
    ]


def test_the_first_ten_are_told_and_the_rest_counted() -> None:
    text = "a,b\n" + "1,2\n" * 20 + "x,2\n" * 13
    found = refusal(text)
    assert [values["line"] for _, values in found[:-1]] == list(range(22, 32))
    assert found[-1] == ("csv_more", {"count": 3})


def test_a_title_above_the_table_is_named_and_words_for_numbers_are() -> None:
    ((code, values),) = refusal("My data\nx,y\n1,2\n3,4\n")
    assert (code, values["line"], values["first"], values["expected"]) == ("csv_ragged", 1, 2, 2)
    found = refusal("share,y\n10 kg,1\n20 kg,2\n3,3\n4,4\n5,5\n")
    assert [(code, values["cell"]) for code, values in found] == [
        ("csv_number", "10 kg"),
        ("csv_number", "20 kg"),
    ]


def test_every_ragged_line_is_named() -> None:
    found = refusal("a,b,c\n1,2,3\n1,2\n\n1,2,3,4\n1,2,3")
    assert [(code, v["line"], v["count"], v["expected"]) for code, v in found] == [
        ("csv_ragged", 3, 2, 3),
        ("csv_ragged", 5, 4, 3),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a;b\n1,5;1\n2,5;2\n3.5;3", 4),
        ("a;b\n1.5;1\n2.5;2\n1.000,5;3\n", 4),
        ("a;b\n1.5;1\n2.5;2\n3,5;3\n", 4),
    ],
)
def test_decimal_signs_are_not_mixed_and_thousands_not_guessed(text: str, line: int) -> None:
    ((code, values),) = refusal(text)
    assert (code, values["line"], values["column"]) == ("csv_number", line, "1 (a)")


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (("ignore", "ignore", "target"), "role_input"),
        (("input", "input", "ignore"), "role_target"),
        (("input", "target", "target"), "csv_mixed_targets"),
        (("input", "input", "target"), ""),
        (("input", "target", "input"), ""),
    ],
)
def test_roles_must_make_sense(roles: tuple[str, ...], code: str) -> None:
    text = "a,b,c\n1,2,x\n3,4,y"
    if code:
        assert refusal(text, roles)[0][0] == code
    else:
        found = dataset_of(read_table(text), TableUse(roles))
        assert found.classes == (("x", "y") if roles[2] == "target" else ())
        assert found.columns[1:] == (("b",) if roles[2] == "target" else ("c=y",))


def test_classes_of_numbers_are_whole() -> None:
    ((code, values),) = refusal("1,1\n2,2\n3,1.5\n", classes=True)
    assert (code, values["line"], values["cell"]) == ("csv_whole", 3, "1.5")


@QUICK
@given(text=st.text("ab1,;.\t\n\r\" '-e\0\ufeff\u2028", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        data = dataset_of(read_table(text))
    except InvalidTable as error:
        refused = error
    else:
        assert np.isfinite(data.inputs).all()
        assert len(data.inputs) == len(data.targets) >= 1
        return
    assert refused.code.startswith(("csv_", "role_"))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n{}x,2\n1,2".format("1" * 300_000),
        "a,b\n{}x,2\n1,2".format("0." * 150_000),
        "a,b\n{}x\n1,2".format("-" * 300_000),
        "a b\n1{}2\n1 2".format(" " * 300_000),
        "a b\n'1'{}'2\n1 2".format(" " * 300_000),
        'a;b\n"x"{}y;2\n1;2'.format(" " * 300_000),
        "a b\n1{}x\n1 2".format(" 111" * 75_000),
        "a,b\n1{}x,2\n1,2".format(" " * 300_000),
        "a,b\n[1{},2\n1,2".format("." * 300_000),
        "a,b\n<1{}\x00,2\n1,2".format("." * 300_000),
        "{}x".format("\n" * 300_000),
        "sep= {}x".format(" " * 300_000),
        'sep="{}x'.format('"' * 300_000),
        "x,y\n" + '"a",' * 75_000,
        "@relation\n@attribute{}x\n@data\n1,2".format(" " * 300_000),
        "array([{}x".format("] " * 150_000),
    ],
    ids=[
        "digits", "points", "ruler", "blanks", "quote", "behind", "groups", "blanks in a number",
        "a bracket", "a sign", "empty lines", "told blanks", "told quotes", "quotes",
        "an attribute", "brackets",
    ],
)  # fmt: skip
def test_a_long_cell_is_gone_through_once(text: str) -> None:
    """In quadratically many ways, each of these would hold everybody up for minutes."""
    begun = time.process_time()
    with suppress(InvalidTable):
        read_table(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "lines"),
    [("1, 7-9", (1, 7, 8, 9)), ("１，３", (1, 3)), ("2–4", (2, 3, 4)), ("5;6", (5, 6))],
)
def test_lines_are_named_as_people_do(text: str, lines: tuple[int, ...]) -> None:
    assert line_numbers(text) == lines


@pytest.mark.parametrize("text", ["", "1_0", "x", "3-1", "1--2", "1.5", "-1", "9" * 5_000])
def test_what_names_no_lines_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - callers need no more
        line_numbers(text)


def test_a_very_long_cell_is_no_number() -> None:
    for digits, holds in ((998, "numbers"), (999, "words")):
        column = read_table(f"a,b\n0.{'1' * digits},2\n").columns[0]
        assert column.holds == holds


def test_of_a_run_of_equal_signs_a_thousand_are_looked_at() -> None:
    with pytest.raises(InvalidTable) as caught:
        read_table(f"a,b\n1{',' * 1_900_000}x\n1,2\n")
    assert (caught.value.code, caught.value.values["count"]) == ("csv_ragged", 1001)
    table = read_table(f"a,b\n1,{' ' * 3_000}2\n3,4\n")
    assert [column.holds for column in table.columns] == ["numbers", "numbers"]
