"""Small files in the manner of the programs that people bring them from, each with its reading.

The values are our own. A column is told as its numbers, or its words where it holds some.
"""

from typing import Any

import pytest

from app.data.csv_samples import dataset_of
from app.data.csv_table import read_table
from app.data.text.encodings import decoded
from app.errors import InvalidTable

NBSP, NARROW, MINUS = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}"
XY = {"x": [0.5, 1.5], "y": [1.25, -2.5]}

READ: dict[str, tuple[str | bytes, dict[str, list[Any]]]] = {
    # Excel, in four locales
    "excel, German": ("x;y\r\n0,5;1,25\r\n1,5;-2,5\r\n", XY),
    "excel, German, thousands": (
        "p;n\r\n1.234,50;3\r\n12.345,00;4\r\n",
        {"p": [1234.5, 12345], "n": [3, 4]},
    ),
    "excel, French": (
        f"p;n\r\n1{NARROW}234,5;3\r\n-2{NBSP}345,75;4\r\n",
        {"p": [1234.5, -2345.75], "n": [3, 4]},
    ),
    "excel, Swiss": (
        "p;n\r\n1'234.50;3\r\n12’345.75;4\r\n",
        {"p": [1234.5, 12345.75], "n": [3, 4]},
    ),
    "excel, US": ("x,y\r\n0.5,1.25\r\n1.5,-2.5\r\n", XY),
    "excel, US, thousands": (
        'p,n\r\n"1,234.50",3\r\n"-12,345.00",4\r\n',
        {"p": [1234.5, -12345], "n": [3, 4]},
    ),
    "excel, Indian": (
        'p,n\r\n"12,34,567",3.5\r\n"1,00,000",4\r\n',
        {"p": [1234567, 100000], "n": [3.5, 4]},
    ),
    "excel, told": ("sep=;\r\nx;y\r\n0,5;1,25\r\n1,5;-2,5\r\n", XY),
    "excel, per cent": ("rate;n\r\n10%;1\r\n12,5 %;2\r\n", {"rate": [0.1, 0.125], "n": [1, 2]}),
    "excel, dollars": (
        'p,n\r\n"$1,234.50",1\r\n($5.25),2\r\n',
        {"p": [1234.5, -5.25], "n": [1, 2]},
    ),
    "excel, euros": ("p;n\r\n1.234,50 €;1\r\n-5,25 €;2\r\n", {"p": [1234.5, -5.25], "n": [1, 2]}),
    "excel, francs": (
        "p;n\r\nCHF 1'234.50;1\r\nCHF 5.25;2\r\n",
        {"p": [1234.5, 5.25], "n": [1, 2]},
    ),
    "excel, empty columns and rows": ("x;y;;\r\n0,5;1,25;;\r\n;;;\r\n1,5;-2,5;;\r\n", XY),
    "excel, text of digits": ('x,y\n"=""0.5""",1.25\n"=""1.5""",-2.5\n', XY),
    "excel, unicode text": ("x\ty\r\n0,5\t1,25\r\n1,5\t-2,5\r\n".encode("utf-16"), XY),
    "excel, Windows-1252": (
        "größe;y\r\n0,5;1\r\n1,5;2\r\n".encode("cp1252"),
        {"größe": [0.5, 1.5], "y": [1, 2]},
    ),
    "excel, clipboard": ("x\ty\n0,5\t1,25\n1,5\t-2,5", XY),
    "sap, sign behind": ("x;y\n0,5;1,25\n1,5;2,5-\n", XY),
    # LibreOffice and Google Sheets
    "libreoffice, all quoted": ('"x","y"\n"0.5","1.25"\n"1.5","-2.5"\n', XY),
    "libreoffice, decimal commas": ('"x","y"\n"0,5","1,25"\n"1,5","-2,5"\n', XY),
    "libreoffice, single quotes": ("'x';'y'\n'0,5';'1,25'\n'1,5';'-2,5'\n", XY),
    "libreoffice, utf-16 without mark": ("x;y\n0,5;1,25\n1,5;-2,5\n".encode("utf-16-le"), XY),
    "sheets": ("x,y\n0.5,1.25\n1.5,-2.5", XY),
    "sheets, true minus": (f"x,y\n0.5,1.25\n1.5,{MINUS}2.5", XY),
    "sheets, checkboxes": (
        "done,y\nTRUE,1\nFALSE,2\nTRUE,3\n",
        {"done": ["TRUE", "FALSE", "TRUE"], "y": [1, 2, 3]},
    ),
    "blanks before quotes": ('"x", "y"\n"0.5", "1.25"\n"1.5" , "-2.5"\n', XY),
    "separator at the end": ("x;y;\n0,5;1,25;\n1,5;-2,5;\n", XY),
    "separator at the end of rows": ("x;y\n0,5;1,25;\n1,5;-2,5;\n", XY),
    "pipes": ("x|y\n0.5|1.25\n1.5|-2.5\n", XY),
    "typographic quotes": ("“x”,“y”\n“0.5”,“1.25”\n“1.5”,-2.5\n", XY),
    "typographic quotes, German": ("x,y\n„0,5“,„1,25“\n„1,5“,„-2,5“\n", XY),
    "typographic quotes, French": ("x;y\n«0,5»;«1,25»\n«1,5»;«-2,5»\n", XY),
    "middle dots": ("x,y\n0·5,1·25\n1·5,-2·5\n", XY),
    "numbers that were entered as formulas": ("x,y\n=0.5,=1.25\n=1.5,=-2.5\n", XY),
    "markdown": ("| x | y |\n|---|--:|\n| 0.5 | 1.25 |\n| 1.5 | -2.5 |\n", XY),
    "database": (" x   | y\n-----+------\n 0.5 | 1.25\n 1.5 | -2.5\n", XY),
    # pandas
    "pandas": (",x,y\n0,0.5,1.25\n1,1.5,-2.5\n", {"1": [0, 1], **XY}),
    "pandas, numbered": (
        ",0,1\n0,0.5,1.25\n1,1.5,-2.5\n",
        {"1": [0, 1], "0": XY["x"], "1 ": XY["y"]},
    ),
    "pandas, two levels": (
        ",a,a\n,x,y\n0,0.5,1.25\n1,1.5,-2.5\n",
        {"1": [0, 1], "a x": XY["x"], "a y": XY["y"]},
    ),
    "pandas, German": ("x;y\n0,5;1,25\n1,5;-2,5\n", XY),
    "pandas, printed": ("     x     y\n0  0.5  1.25\n1  1.5 -2.50\n", {"1": [0, 1], **XY}),
    "pandas, printed with long names": (
        "   leaf width  kind\n0         0.5     a\n1         1.5     b\n2         2.5     a\n",
        {"1": [0, 1, 2], "leaf width": [0.5, 1.5, 2.5], "kind": ["a", "b", "a"]},
    ),
    "pandas, gaps": ("x,y\n0.5,1.25\n,-2.5\n", {"x": [0.5, None], "y": XY["y"]}),
    # R
    "R, write.csv": ('"","x","y"\n"1",0.5,1.25\n"2",1.5,-2.5\n', {"1": [1, 2], **XY}),
    "R, write.csv2": ('"";"x";"y"\n"1";0,5;1,25\n"2";1,5;-2,5\n', {"1": [1, 2], **XY}),
    "R, write.table": ('"x" "y"\n"1" 0.5 1.25\n"2" 1.5 -2.5\n', {"1": [1, 2], **XY}),
    "R, row names": ('"x" "y"\n"Ada L" 0.5 1.25\n"Bob" 1.5 -2.5\n', {"1": ["Ada L", "Bob"], **XY}),
    "R, NA": ("x,y\n0.5,1.25\nNA,-2.5\n1.5,NA\n", {"x": [0.5, None, 1.5], "y": [1.25, -2.5, None]}),
    "R, factors": (
        '"x","k"\n0.5,"a"\n1.5,"b"\n2.5,"a"\n',
        {"x": [0.5, 1.5, 2.5], "k": ["a", "b", "a"]},
    ),
    # MATLAB, NumPy, Fortran
    "matlab, save": (
        "   5.0000000e-01   1.2500000e+00\n   1.5000000e+00  -2.5000000e+00\n",
        {"1": XY["x"], "2": XY["y"]},
    ),
    "matlab, writematrix": ("0.5,1.25\n1.5,-2.5\n", {"1": XY["x"], "2": XY["y"]}),
    "matlab, comments": ("% made by hand\n% x y\n0.5 1.25\n1.5 -2.5\n", XY),
    "matlab, NaN": (
        "x,y\n0.5,1.25\nNaN,-2.5\n1.5,1\n",
        {"x": [0.5, None, 1.5], "y": [1.25, -2.5, 1]},
    ),
    "numpy, savetxt": ("# x y\n5.0e-01 1.25e+00\n1.5e+00 -2.5e+00\n", XY),
    "numpy, commas": ("# x,y\n0.5,1.25\n1.5,-2.5\n", XY),
    "fortran": ("  0.5D+00  1.25D+00\n  1.5D+00 -2.5D+00\n", {"1": XY["x"], "2": XY["y"]}),
    "blanks and decimal commas": ("0,5 1,25\n1,5 -2,5\n", {"1": XY["x"], "2": XY["y"]}),
    # Weka
    "weka, arff": (
        "% a comment\n@relation r\n@attribute 'leaf width' numeric\n@attribute k {a,b}\n"
        "@data\n0.5,a\n?,b\n",
        {"leaf width": [0.5, None], "k": ["a", "b"]},
    ),
    "weka, labels that are numbers": (
        "@relation r\n@attribute x real\n@attribute k {0,1}\n@data\n0.5,0\n1.5,1\n",
        {"x": [0.5, 1.5], "k": ["0", "1"]},
    ),
    "weka, labels of many kinds": (
        "@relation r\n@attribute x real\n@attribute k{'a, b', \"c\", d e }\n"
        "@data\n0.5,'a, b'\n1.5,'d e'\n2.5,?\n3,c\n",
        {"x": [0.5, 1.5, 2.5, 3], "k": ["a, b", "d e", "?", "c"]},
    ),
    "weka, marks within quotes": (
        "@relation r\n@attribute 'O\\'Neil\\'s x' real\n@attribute k {'it\\'s', 'a, \\\\b', c}\n"
        "@data\n0.5,'it\\'s'\n1.5,'a, \\\\b'\n2.5,c\n",
        {"O'Neil's x": [0.5, 1.5, 2.5], "k": ["it's", "a, \\b", "c"]},
    ),
    "weka, both quotation marks": (
        "@relation r\n@attribute x numeric\n@attribute k {'a b', \"c, d\", 'say \"hi\"', e}\n"
        '@data\n\'1\',"a b"\n"2",\'c, d\'\n3,\'say "hi"\'\n4, "e"\n',
        {"x": [1, 2, 3, 4], "k": ["a b", "c, d", 'say "hi"', "e"]},
    ),
    "weka, more comments than rows": (
        "@relation r\n@attribute x real\n@attribute y real\n@data\n"
        "%a\n%b\n0.5,1.25\n%c\n1.5,-2.5\n",
        XY,
    ),
    "weka, one row below comments": (
        "@relation r\n@attribute x real\n@attribute k {a,b}\n@data\n%a\n%b\n0.5,a\n",
        {"x": [0.5], "k": ["a"]},
    ),
    "weka, csv": (
        "'leaf width',k\n0.5,'a b'\n1.5,'c d'\n",
        {"leaf width": [0.5, 1.5], "k": ["a b", "c d"]},
    ),
    # heads of tables
    "a row of units": (
        "length;time\ncm;s\n0,5;1\n1,5;2\n",
        {"length (cm)": [0.5, 1.5], "time (s)": [1, 2]},
    ),
    "units in brackets": (
        "length,k\n[cm],\n0.5,a\n1.5,b\n",
        {"length (cm)": [0.5, 1.5], "k": ["a", "b"]},
    ),
    "joined cells": (
        "leaf;;petal;\nlength;width;length;width\n0,5;1;2;3\n1,5;2;3;4\n",
        {
            "leaf length": [0.5, 1.5],
            "leaf width": [1, 2],
            "petal length": [2, 3],
            "petal width": [3, 4],
        },
    ),
    "all words": (
        "sky,wind,play\nsun,weak,no\nrain,weak,yes\nsun,strong,no\nrain,strong,yes\n",
        {
            "sky": ["sun", "rain"] * 2,
            "wind": ["weak", "weak", "strong", "strong"],
            "play": ["no", "yes"] * 2,
        },
    ),
    "no names": ("0.5,1.25\n1.5,-2.5\n", {"1": XY["x"], "2": XY["y"]}),
    "one row": ("x1,x2,y\n0.05,0.1,0.99\n", {"x1": [0.05], "x2": [0.1], "y": [0.99]}),
    "more comments than rows": ("x,y\n" + "# note, i\n" * 10 + "0.5,1.25\n1.5,-2.5\n", XY),
    "comments at the end": ("x\ty\n0.5\t1.25\n1.5\t-2.5\n" + "# note i\n" * 10, XY),
    "comments without a blank": ("x,y\n#a\n#b\n#c\n#d\n0.5,1.25\n1.5,-2.5\n", XY),
    "comments of several kinds": ("x y\n# a\n% b\n// c\n# d\n0.5 1.25\n1.5 -2.5\n% e\n", XY),
    "words that begin with a mark": (
        "tag,y\n#a,1\n#b,2\n#c,3\nd,4\n",
        {"tag": ["#a", "#b", "#c", "d"], "y": [1, 2, 3, 4]},
    ),
    "numbers of lines": ("tag,y\n# 1,2\n# 2,3\n", {"tag": ["# 1", "# 2"], "y": [2, 3]}),
    "comments between rows": ("x,y\n# noon\n0.5,1.25\n# evening\n1.5,-2.5\n", XY),
    "a column called #": ("#,x,y\n1,0.5,1.25\n2,1.5,-2.5\n", {"#": [1, 2], **XY}),
    "dates": (
        "day,x,y\n2024-01-05,0.5,1.25\n2024-01-06,1.5,-2.5\n",
        {"day": ["2024-01-05", "2024-01-06"], **XY},
    ),
    "excel, accounting": (
        "n\tp\n3\t $ 1,234.50 \n5\t $ (12.00)\n2\t $ -   \n",
        {"n": [3, 5, 2], "p": [1234.5, -12, 0]},
    ),
    "excel, a column too narrow": ("x,y\n0.5,1\n######,2\n", {"x": [0.5, None], "y": [1, 2]}),
    "excel, lines in names": (
        '"leaf\r\n(cm)","y"\r\n0.5,1\r\n1.5,2\r\n',
        {"leaf (cm)": [0.5, 1.5], "y": [1, 2]},
    ),
    "excel, Brazilian": ("p;n\nR$ 1.234,50;1\nR$ 5,25;2\n", {"p": [1234.5, 5.25], "n": [1, 2]}),
    "excel, Polish": (
        f"p;n\n1{NBSP}234,50 zł;1\n5,25 zł;2\n",
        {"p": [1234.5, 5.25], "n": [1, 2]},
    ),
    "libreoffice, an error": ("x,y\nErr:502,1\n0.5,2\n", {"x": [None, 0.5], "y": [1, 2]}),
    "sheets, an error": ("x,y\n#ERROR!,1\n0.5,2\n", {"x": [None, 0.5], "y": [1, 2]}),
    "eurostat": ("x,y\n:,1\n0.5,2\n", {"x": [None, 0.5], "y": [1, 2]}),
    "units that stand close": ("x,y\n170cm,1\n182cm,2\n", {"x": [170, 182], "y": [1, 2]}),
    "powers of ten": ("x,y\n1.5×10^3,1\n2.5·10^-1,2\n", {"x": [1500, 0.25], "y": [1, 2]}),
    "matlab, a table printed": (
        "     x       y  \n    ___    _____\n\n    0.5     1.25\n    1.5    -2.5 \n",
        XY,
    ),
    "matlab, a matrix": ("A = [0.5, 1.25;\n     1.5, -2.5];", {"1": XY["x"], "2": XY["y"]}),
    "numpy, printed": ("[[ 0.5   1.25]\n [ 1.5  -2.5 ]]\n", {"1": XY["x"], "2": XY["y"]}),
    "numpy, repr": (
        "np.array([[0.5, 1.25],\n       [1.5, -2.5]], dtype=float32)\n",
        {"1": XY["x"], "2": XY["y"]},
    ),
    "latex": (
        "\\begin{tabular}{rr}\n\\toprule\nx & y \\\\\n\\midrule\n0{,}5 & 1{,}25 \\\\\n"
        "$1{,}5$ & $-2{,}5$ \\\\\n\\bottomrule\n\\end{tabular}\n",
        XY,
    ),
    "days by one of them": ("d,y\n1/2/2024,1\n13/2/24,2\n", {"d": [0, 12], "y": [1, 2]}),
    "months by one of them": (
        "d,y\n1/2/2024 1:30 PM,1\n1/13/2024 12:00 am,2\n",
        {"d": [0, 10.4375], "y": [1, 2]},
    ),
    "dots and two figures": ("d;y\n13.01.24;1\n14.01.24;2\n", {"d": [0, 1], "y": [1, 2]}),
    "ranges that are classes": (
        "x,k\n0.5,<=50K\n1.5,>50K\n2.5,<=50K\n",
        {"x": [0.5, 1.5, 2.5], "k": ["<=50K", ">50K", "<=50K"]},
    ),
    "evidence of another column": (
        "p;q\n12,345;0.5\n23,456;1.5\n",
        {"p": [12345, 23456], "q": [0.5, 1.5]},
    ),
}


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_as_its_program_wrote_it(name: str) -> None:
    content, expected = READ[name]
    table = read_table(decoded(content).text if isinstance(content, bytes) else content)
    found = [
        list(column.cells if list(column.cells) == expected.get(column.name) else column.values)
        for column in table.columns
    ]
    assert table.names == tuple(key.strip() for key in expected)
    assert found == list(expected.values())
    assert (table.open_header, [c.example for c in table.columns]) == (0, [""] * len(found))


ASKED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "12,345 alone": (
        "p;q\n12,345;1\n23,456;2\n",
        "csv_open_decimal",
        {"point": "12345", "comma": "12.345"},
    ),
    "1.234 alone": (
        "p;q\n1.234;1\n5.678;2\n",
        "csv_open_decimal",
        {"point": "1.234", "comma": "1234"},
    ),
    "quoted 12,345": ('p,q\n"12,345",1\n"23,456",2\n', "csv_open_decimal", {"cell": "12,345"}),
    "years as names": ("land;2019;2020\nDE;15;25\nFR;25;35\n", "csv_open_header", {"line": 1}),
    "columns counted from 0": ("0,1,2\n0.5,1.25,1\n1.5,-2.5,0\n", "csv_open_header", {"line": 1}),
    "a word above one column": ("x,2\n3,4\n5,6\n7,8\n", "csv_open_header", {"line": 1}),
    "a title": ("My data\nx,y\n1,2\n3,4\n", "csv_ragged", {"line": 1}),
    "blanks among tabs": ("x\ty\n1.5\t2\n2.5 3\n4\t5\n", "csv_ragged", {"line": 3, "count": 1}),
    "blanks among semicolons": ("x;y\n1.5;2\n2.5 3\n4;5\n", "csv_ragged", {"line": 3}),
    "a sum": ("x;y;z\n1;2;3\n3;4;5\nSum;4\n", "csv_ragged", {"line": 4}),
    "decimal commas between commas": ("x,y\n0,5,1,5\n1,5,2,5\n", "csv_decimal_commas", {"line": 2}),
    "decimal commas in a lone row": (
        "1,5, 2,5, 3,5",
        "csv_open_commas",
        {"line": 1, "cell": "1,5", "point": "1,5; 2,5; 3,5", "apart": "1; 5; 2; 5; 3; 5"},
    ),
    "two currencies": ("p;q\n$5,5;1\n$6,5;2\n€7,5;3\n", "csv_unit", {"line": 4}),
    "per cent in most": ("p;q\n10%;1\n20%;2\n0,3;3\n", "csv_percent", {"line": 4}),
    "both signs": ("a;b\n1,5;1\n2,5;2\n3.5;3\n", "csv_number", {"line": 4}),
    "blanks within cells between commas": (
        "bp,pulse\n120 80,61\n130 85,70\n",
        "csv_words_or_numbers",
        {"cell": "120 80", "column": "1 (bp)"},
    ),
    "like numbers": ("x,y\n1.5k,1\n2.5k,2\n", "csv_words_or_numbers", {"line": 2, "cell": "1.5k"}),
    "stars": ("x,y\n1.5*,1\n2.5**,2\n0.3,3\n", "csv_words_or_numbers", {"cell": "1.5*"}),
    "an apostrophe": ("x,y\n'1.5,1\n'2.5,2\n", "csv_words_or_numbers", {"cell": "'1.5"}),
    "a last digit's error": ("x,y\n1.23(4),1\n2.5(1),2\n", "csv_words_or_numbers", {"line": 2}),
    "footnotes": ("x,y\n12[a],1\n15[b],2\n", "csv_words_or_numbers", {"line": 2}),
    "durations": ("x,y\n1h 30m,1\n2h 5m,2\n", "csv_words_or_numbers", {"cell": "1h 30m"}),
    "feet and inches": ("x;y\n5'10\";1\n6'1\";2\n", "csv_words_or_numbers", {"line": 2}),
    "formulas": ("x,y\n=A1*2,1\n=1+2,2\n", "csv_words_or_numbers", {"cell": "=A1*2"}),
    "inches": ('x,y\n5",1\n6",2\n', "csv_words_or_numbers", {"cell": '5"'}),
    "inches, by their sign": ("x,y\n5″,1\n6″,2\n", "csv_words_or_numbers", {"cell": "5″"}),
    "inches, by a quotation mark": ("x,y\n5”,1\n6”,2\n", "csv_words_or_numbers", {"cell": "5”"}),
    "feet": ("x,y\n5′,1\n6′,2\n", "csv_words_or_numbers", {"cell": "5′"}),
    "feet, by an apostrophe": ("x,y\n5',1\n6',2\n", "csv_words_or_numbers", {"cell": "5'"}),
    "signs of products": ("x,y\n1⋅5,1\n2⋅5,2\n", "csv_words_or_numbers", {"cell": "1⋅5"}),
    "full width thousands": ("x;y\n１．５ｋ;1\n２ｋ;2\n", "csv_words_or_numbers", {"line": 2}),
    "limits of detection": ("x,y\n<0.5,1\n<1,2\n", "csv_words_or_numbers", {"cell": "<0.5"}),
    "blanks within digits": ("x,y\n0171 23,1\n0172 42,2\n", "csv_words_or_numbers", {"line": 2}),
    "days or months": (
        "d,y\n1/2/2024,1\n3/4/2024,2\n",
        "csv_open_date",
        {"line": 2, "day": "2024-02-01", "month": "2024-01-02"},
    ),
    "a total by name": ("k,x,y\na,1,5\nb,2,7\nSum,3,12\n", "csv_open_total", {"line": 4}),
    "a total among numbers": ("x,y\n1,5\n2,7\nTotal:,12\n", "csv_open_total", {"line": 4}),
    "a total without a name": ("k,x,y\na,1,5\nb,2,7\n,3,12\n", "csv_open_total", {"line": 4}),
    "a total among numbers without a name": (
        "hours,points\n1,10\n2,20\n3,30\n4,45\n10,105\n",
        "csv_open_total",
        {"line": 6},
    ),
    "a total without names of columns": (
        "1;2;0,5\n2;3;1\n4;5;2,5\n7;10;4\n",
        "csv_open_total",
        {"line": 4},
    ),
    "a total of twenty rows": (
        "".join(f"{i},{i * i},{2 * i + 1}\n" for i in range(1, 21)) + "210,2870,440\n",
        "csv_open_total",
        {"line": 21},
    ),
    "a total that is rounded": (
        "a,b\n1.25,2.11\n1.33,3.27\n1.48,4.15\n4.1,9.5\n",
        "csv_open_total",
        {"line": 5},
    ),
    "a total of rounded shares": (
        "k,p,n\nx,33.3,1\ny,33.3,1\nz,33.3,1\n,100,3\n",
        "csv_open_total",
        {"line": 5},
    ),
    "a total of per cents": (
        "k;p\nx;12,5 %;\ny;37,5 %;\nz;50,1 %;\n;100 %;\n",
        "csv_open_total",
        {"line": 5},
    ),
    "a mean without a name": (
        "k,a,b\nx,1.25,2.11\ny,1.33,3.27\nz,1.48,4.15\n,1.35,3.18\n",
        "csv_open_total",
        {"line": 5},
    ),
    "a table on its side": ("x1;0;0;1;1\nx2;0;1;0;1\ny;0;1;1;0\n", "csv_open_turn", {}),
    "a table on its side, named": (
        "name,anna,ben,carl\nheight,170,180,175\nweight,60,80,72\nage,20,30,25\n",
        "csv_open_turn",
        {},
    ),
    "a table on its side, with classes": ("x1 0 0 1\nx2 0 1 0\nkind a b a\n", "csv_open_turn", {}),
    "a sample on its side": ("x1\t0.05\nx2\t0.1\ny\t1\n", "csv_open_turn", {}),
    "rows of MATLAB or decimal commas": ("[0,1;1,0]", "csv_open_rows", {"line": 1, "cell": "0,1"}),
    "a named matrix": ("x = [0,1;1,0;1,1];", "csv_open_rows", {"line": 1}),
    "one column": ("1,5;\n2,5;\n3,5;\n", "csv_one_column", {}),
    "one column with a name": ("x;\n1,5;\n2,5;\n", "csv_one_column", {}),
    "a name too many": (
        " Sepal Length Kind\n1 5.1 a\n2 4.9 a\n3 4.7 b\n",
        "csv_ragged",
        {"line": 1, "count": 4, "expected": 3},
    ),
    "a total below an empty line": ("x,k\n1,a\n2,b\n\n3,b\n", "csv_open_total", {"line": 5}),
    "a total below a ruler": ("x y\n1 10\n2 30\n--- ---\n3 40\n", "csv_open_total", {"line": 5}),
    "a total beside numbers of rows": (
        "no,x,y\n1,5,2\n2,6,2\n3,7,3\n,18,7\n",
        "csv_open_total",
        {"line": 5},
    ),
    "JSON": ('[{"x": 1, "y": 2}]', "csv_format", {"format": "JSON"}),
    "HTML": ("<table><tr><td>1</td></tr></table>", "csv_format", {"format": "HTML"}),
    "R": ("structure(list(x = c(1, 2)))", "csv_format", {"format": "R"}),
    "libsvm": ("+1 1:0.5 2:1.5\n-1 1:0.25\n", "csv_sparse", {"line": 1}),
    "sparse": ("@relation r\n@attribute x real\n@data\n{0 1}\n", "csv_sparse", {"line": 4}),
}


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2\n2,4\n3,6\n",
        "x,y\n0,0\n1,2\n2,4\n3,6\n",
        "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,1\n",
        "a,b\n1,0\n0,1\n0,0\n1,1\n",
        "x,y\n1,5\n2,7\n3,9\n6,4\n",
        "x,y\n1,2\n\n2,4\n\n3,7\n",
        "x,y\n0.1,0.2\n0.2,0.1\n0.3,0.4\n1,1\n",
        "x,y\n1,5\n2,7\n3,9\n7,22\n",
    ],
)
def test_rows_of_data_are_not_asked_about_as_totals(text: str) -> None:
    assert read_table(text).open_total == 0


@pytest.mark.parametrize(
    "text",
    [
        "k,x,y\nanna,170,60\nben,180,80\ncarl,175,72\n", "anna,170,60\nben,180,80\ncarl,175,72\n",
        "k,Jan-24,Feb-24\nA,5,6\nB,70,80\nC,100,99\n", "x,0,1\nx,1,0\ny,1,1\n", "1,2\n3,4\n",
        "s;n;f\nB;3.645.000;891\nC;327.258;141\nD;126.329;118\n",
    ],
)  # fmt: skip
def test_tables_that_stand_upright_are_not_asked_about(text: str) -> None:
    assert not read_table(text).open_turn


def test_a_table_on_its_side_is_turned_and_its_cells_are_named_by_their_lines() -> None:
    text = "name,anna,ben,carl\nheight,170,NA,175\nage,20,30,4x\n"
    table = read_table(text, transposed=True)
    assert table.names == ("name", "height", "age")
    with pytest.raises(InvalidTable) as caught:
        dataset_of(table)
    places = [(e.values["line"], e.values["column"]) for e in (caught.value, *caught.value.others)]
    assert places == [(2, "3"), (3, "4")]
    wide = "\n".join(",".join([name, *map(str, range(100))]) for name in "ab")
    assert len(read_table(wide, transposed=True).rows) == 100
    with pytest.raises(InvalidTable, match="csv_columns"):
        read_table(wide)


@pytest.mark.parametrize("name", ASKED)
def test_what_can_be_read_in_two_ways_is_asked(name: str) -> None:
    assert_asked(*ASKED[name])


def assert_asked(text: str, code: str, values: dict[str, Any]) -> None:
    """Assert that a table is refused with the question ``code``, which names ``values``."""
    with pytest.raises(InvalidTable) as caught:
        dataset_of(read_table(text))
    assert caught.value.code == code
    assert values.items() <= caught.value.values.items()


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("x;y\n1,5;1\n1.234;2\n2,75;3\n", (1.5, 1.234, 2.75), (1.5, 1234, 2.75)),
        ("x;y\n1,234;2\n1.234;3\n2.5;4\n", (1234, 1.234, 2.5), (1.234, 1.234, 2.5)),
    ],
)
def test_a_sign_in_doubt_is_told_and_the_others_stay(
    text: str, point: tuple[float, ...], comma: tuple[float, ...]
) -> None:
    for sign, values in ((".", point), (",", comma)):
        table = read_table(text, decimal=sign)
        assert table.columns[0].values == values
        assert not table.columns[0].example


def test_a_time_that_may_be_a_ratio_is_told() -> None:
    text = "r,y\n1:30,1\n1:45,2\n1:30,3\n"
    times, words = (read_table(text, literals=told) for told in ("numbers", "words"))
    assert dataset_of(times).inputs.tolist() == [[1.5], [1.75], [1.5]]
    assert words.columns[0].words == ("1:30", "1:45")
    for clock in ("01:30\n10:45", "1:30:00\n1:45:10", "1:30 PM\n2:45 AM"):
        table = read_table("r,y\n" + clock.replace("\n", ",1\n") + ",2\n")
        assert not table.columns[0].literal


def test_a_question_is_answered_and_evidence_stays() -> None:
    text = "p;q;r\n12,345;0,5;0.5\n23,456;1,5;1.5\n"  # q and r disagree
    assert read_table(text).columns[0].example == "12,345"
    told = [read_table(text, decimal=sign).columns for sign in (".", ",")]
    assert [columns[0].values for columns in told] == [(12345, 23456), (12.345, 23.456)]
    assert [columns[1].values for columns in told] == [(0.5, 1.5)] * 2
    years = "land;2019;2020\nDE;1,5;2,5\nFR;2,5;3,5\n"
    assert read_table(years, header=True).names == ("land", "2019", "2020")
    assert read_table(years, header=False).columns[1].values == (2019, 1.5, 2.5)
    assert read_table("My data\nx,y\n1,2\n3,4\n", omit=(1,)).names == ("x", "y")
