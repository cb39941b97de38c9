"""What programs print: the rows are read without what stands around them, or it is said what it is.

Columns are told as their values, or their words where they hold some.
"""

from typing import Any

import pytest

from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import read_table
from app.data.table_questions import questions
from app.errors import InvalidTable

XY: dict[str, list[Any]] = {"x": [0.5, 1.5], "y": [1.25, -2.5]}
BARE: dict[str, list[Any]] = {"1": [1.5, 3], "2": [2, 4]}
FOUR: dict[str, list[Any]] = {"1": [1, 5], "2": [2, 6], "3": [3, 7], "4": [4, 8]}

READ: dict[str, tuple[str, dict[str, list[Any]]]] = {
    "octave": ("A =\n\n   1.5   2.0\n   3.0   4.0\n\n", BARE),
    "matlab, unnamed": ("ans =\n\n    1.5000    2.0000\n    3.0000    4.0000\n", BARE),
    "R, names of rows, blanks lost": (
        "mpg cyl\nMazda RX4 21.0 6\nDatsun 710 22.8 4\nHornet 4 Drive 21.4 6\nValiant 18.1 6\n",
        {
            "1": ["Mazda RX4", "Datsun 710", "Hornet 4 Drive", "Valiant"],
            "mpg": [21, 22.8, 21.4, 18.1],
            "cyl": [6, 4, 6, 6],
        },
    ),
    "a truth table": (
        "A B | Y\n0 0 | 0\n0 1 | 1\n1 1 | 0\n",
        {"A": [0, 0, 1], "B": [0, 1, 1], "Y": [0, 1, 0]},
    ),
    "auto-mpg": (
        '18.0   8   307.0  70  1\t"a b"\n15.0   8   350.0  70  1\t"c"\n',
        {
            "1": [18, 15],
            "2": [8, 8],
            "3": [307, 350],
            "4": [70, 70],
            "5": [1, 1],
            "6": ["a b", "c"],
        },
    ),
    "seeds": ("1.5\t2.7\t\t5\n2.5\t3\t4\n", {"1": [1.5, 2.5], "2": [2.7, 3], "3": [5, 4]}),
    "matlab, in parts": (
        "A =\n\n  Columns 1 through 3\n\n  1  2  3\n  5  6  7\n\n  Column 4\n\n  4\n  8\n",
        FOUR,
    ),
    "octave, in parts": (
        "A =\n\n Columns 1 and 2:\n\n  1  2\n  5  6\n\n Columns 3 and 4:\n\n  3  4\n  7  8\n",
        FOUR,
    ),
    "matlab, a table": (
        "T =\n\n  2×2 table\n\n     x       y  \n    ___    _____\n\n    0.5     1.25\n"
        "    1.5    -2.5 \n",
        XY,
    ),
    "julia, a matrix": ("2×2 Matrix{Float64}:\n 1.5  2.0\n 3.0  4.0\n", BARE),
    "julia, a data frame": (
        "2×2 DataFrame\n Row │ x        y       \n     │ Float64  Float64 \n"
        "─────┼──────────────────\n   1 │     0.5     1.25\n   2 │     1.5    -2.5\n",
        {"Row": [1, 2], **XY},
    ),
    "polars": (
        "shape: (2, 2)\n┌─────┬───────┐\n│ x   ┆ y     │\n│ --- ┆ ---   │\n│ f64 ┆ f64   │\n"
        "╞═════╪═══════╡\n│ 0.5 ┆ 1.25  │\n│ 1.5 ┆ -2.5  │\n└─────┴───────┘\n",
        XY,
    ),
    "a frame of double lines": (
        "╔═════╦══════╗\n║ x   ║ y    ║\n╠═════╬══════╣\n║ 0.5 ║ 1.25 ║\n║ 1.5 ║ -2.5 ║\n"
        "╚═════╩══════╝\n",
        XY,
    ),
    "mysql": (
        "+-----+------+\n| x   | y    |\n+-----+------+\n| 0.5 | 1.25 |\n| 1.5 | -2.5 |\n"
        "+-----+------+\n2 rows in set (0.00 sec)\n",
        XY,
    ),
    "postgres": (" x   | y\n-----+------\n 0.5 | 1.25\n 1.5 | -2.5\n(2 rows)\n", XY),
    "R, a tibble with blanks behind its types": (
        "# A tibble: 2 × 3\n      x     y k    \n  <dbl> <dbl> <chr>\n1   0.5  1.25 a    \n"
        "2   1.5 -2.5  b    \n",
        {"1": [1, 2], **XY, "k": ["a", "b"]},
    ),
    "mathematica": ("{{1.5, 2}, {3, 4}}", BARE),
    "mathematica, powers": ("m = {{1.5*^0, 2}, {3*^0, 0.4*^1}};", BARE),
    "C": ("double a[2][2] = {{1.5, 2}, {3, 4}};\n", BARE),
    "python, tuples": ("[(1.5, 2), (3, 4)]", BARE),
    "python, tuples in a tuple": ("((1.5, 2),\n (3, 4))", BARE),
    "torch": ("tensor([[1.5, 2.0],\n        [3.0, 4.0]], device='cuda:0')", BARE),
    "matlab, a line goes on": ("A = [1.5, ...\n 2; 3, 4];", BARE),
    "mathematica, in a table": ("x,y\n5*^-1,1.25\n1.5,-2.5*^0\n", XY),
    "full width commas": ("x，y\n0.5，1.25\n1.5，-2.5\n", XY),
    "full width semicolons": ("x；y\n0，5；1，25\n1，5；-2，5\n", XY),
    "commas of lists": ("x列、y列\n0.5、1.25\n1.5、-2.5\n", {"x列": XY["x"], "y列": XY["y"]}),
    "arabic commas": ("x،y\n0.5،1.25\n1.5،-2.5\n", XY),
    "months by name": ("d,y\n5-Jan-24,1\n8-Feb-24,2\n", {"d": [0, 34], "y": [1, 2]}),
    "months by name, SAS": ("d,y\n05JAN2024,1\n08FEB2024,2\n", {"d": [0, 34], "y": [1, 2]}),
    "months by name, first": (
        'd,y\n"Jan 5, 2024",1\n"February 8, 2024",2\n',
        {"d": [0, 34], "y": [1, 2]},
    ),
    "months by name, German": (
        "d;y\n5. Jan. 2024;1\n1. März 2024;2\n",
        {"d": [0, 56], "y": [1, 2]},
    ),
    "months and years": ("d,y\nJan 2024,1\nMar 2024,2\n", {"d": [0, 60], "y": [1, 2]}),
    "months, stata": ("d,y\n1960m1,1\n1960m2,2\n", {"d": [0, 31], "y": [1, 2]}),
    "quarters": ("d,y\n2024-Q1,1\n2024Q2,2\n", {"d": [0, 91], "y": [1, 2]}),
    "R, a data frame with blanks in its row names": (
        "               mpg cyl  disp\nMazda RX4     21.0   6 160.0\n"
        "Mazda RX4 Wag 21.0   6 160.0\nDatsun 710    22.8   4 108.0\n",
        {
            "1": ["Mazda RX4", "Mazda RX4 Wag", "Datsun 710"],
            "mpg": [21, 21, 22.8],
            "cyl": [6, 6, 4],
            "disp": [160, 160, 108],
        },
    ),
    "matlab, without brackets": ("1.5 2; 3 4\n", BARE),
    "matlab, a row a line without brackets": ("1.5 2;\n3 4;\n", BARE),
    "matlab, commas without brackets": ("1.5, 2; 3, 4;\n", BARE),
    "matlab, names without brackets": ("x y; 0.5 1.25; 1.5 -2.5", XY),
    "latex, a matrix in a line": ("\\begin{pmatrix} 1.5 & 2 \\\\ 3 & 4 \\end{pmatrix}", BARE),
    "latex, a named matrix in a line": (
        "$A = \\left[\\begin{array}{cc}1.5&2\\\\3&4\\\\\\end{array}\\right]$",
        BARE,
    ),
    "one row of decimal commas": ("1,5;2;3,5\n", {"1": [1.5], "2": [2], "3": [3.5]}),
    "numpy, repr": ("array([[1.5, 2. ],\n       [3. , 4. ]])", BARE),
    "numpy, repr with a name": ("X = np.array([[1.5, 2. ],\n              [3. , 4. ]])\n", BARE),
    "numpy, tuples": ("np.array([(1.5, 2), (3, 4)])", BARE),
    "torch, repr": ("tensor([[1.5000, 2.0000],\n        [3.0000, 4.0000]])", BARE),
    "R, names with blanks": (
        "  sepal length petal width y\n1          1.5         0.2 2\n"
        "2          2.5         0.4 3\n3          3.5         0.6 7\n",
        {
            "1": [1, 2, 3],
            "sepal length": [1.5, 2.5, 3.5],
            "petal width": [0.2, 0.4, 0.6],
            "y": [2, 3, 7],
        },
    ),
    "R, as many words as columns": (
        "  sepal length y\n3          1.5 2\n5          2.5 3\n",
        {"1": [3, 5], "sepal length": [1.5, 2.5], "y": [2, 3]},
    ),
    "R, a matrix": (
        "     [,1] [,2]\n[1,]  1.5    2\n[2,]  3.0    4\n",
        {"[,1]": [1.5, 3], "[,2]": [2, 4]},
    ),
    "R, a matrix with names": ("       x     y\n[1,] 0.5  1.25\n[2,] 1.5 -2.50\n", XY),
    "R, write.table with commas": ('"x","y"\n"3",0.5,1.25\n"8",1.5,-2.5\n', {"1": [3, 8], **XY}),
    "stata, list": (
        "     +-------------------+\n     | make    price mpg |\n     |-------------------|\n"
        "  1. | AMC      4099  22 |\n  2. | Buick    4816  20 |\n     +-------------------+\n",
        {"make": ["AMC", "Buick"], "price": [4099, 4816], "mpg": [22, 20]},
    ),
    "stata, gaps of two kinds": (
        "x,y\n.,1.25\n.a,-2.5\n3,1\n",
        {"x": [None, None, 3], "y": [1.25, -2.5, 1]},
    ),
    "pandas, numbered columns": (
        "     0     1\n0  1.5  2.0\n1  3.0  4.0\n",
        {"1": [0, 1], "0": [1.5, 3], "1 ": [2, 4]},
    ),
    "numpy, gaps": ("[[0.5 nan]\n [1.5 2. ]]", {"1": [0.5, 1.5], "2": [None, 2]}),
    "numpy, words": ("[['a' '1.5']\n ['b' '2.5']]", {"1": ["a", "b"], "2": [1.5, 2.5]}),
    "python, lists with words": (
        "[[5.1, 3.5, 'setosa'], [4.9, 3.0, \"virginica\"]]",
        {"1": [5.1, 4.9], "2": [3.5, 3], "3": ["setosa", "virginica"]},
    ),
    "python, a list to a line": (
        "['0.5', '1.25']\n['1.5', '-2.5']\n",
        {"1": [0.5, 1.5], "2": [1.25, -2.5]},
    ),
    "python, a tuple to a line": ("(1.5, 2),\n(3, 4),\n", BARE),
    "JSON, lists": ('[["x", "y"], [0.5, 1.25], [1.5, -2.5]]', XY),
    "mathematica, names and rows": ('{{"x", "y"}, {0.5, 1.25}, {1.5, -2.5}}', XY),
    "matlab, comments": ("% by hand\nA = [1.5 2; 3 4]; % end\n", BARE),
    "octave, save": (
        "# Created by Octave\n# name: A\n# type: matrix\n# rows: 2\n# columns: 2\n 1.5 2\n 3 4\n",
        BARE,
    ),
    "jira": ("||x||y||\n|0.5|1.25|\n|1.5|-2.5|\n", XY),
    "dokuwiki": ("^ x ^ y ^\n| 0.5 | 1.25 |\n| 1.5 | -2.5 |\n", XY),
    "latex, words and spans": (
        "\\multicolumn{2}{c}{\\textbf{A}} & B \\\\\nx & y & z \\\\\n\\num{0.5} & 1.25 & 5\\% \\\\\n"
        "1.5 & -2.5 & 10\\% \\\\\n",
        {"A x": XY["x"], "A y": XY["y"], "B z": [0.05, 0.1]},
    ),
    "a title over the columns": ("Messreihe 3;\nx;y\n0,5;1,25\n1,5;-2,5\n", XY),
    "years over names": (
        "2023;;2024;\nx;y;x;y\n0,5;1,25;1;3\n1,5;-2,5;2;4\n",
        {"2023 x": XY["x"], "2023 y": XY["y"], "2024 x": [1, 2], "2024 y": [3, 4]},
    ),
    "half days": ("t,y\n1:30 PM,1\n12:15 a.m.,2\n", {"t": [13.5, 0.25], "y": [1, 2]}),
    "google forms": (
        "t,y\n2024/01/05 3:00:00 PM GMT+1,1\n2024/01/06 3:00:00 PM GMT+1,2\n",
        {"t": [0, 1], "y": [1, 2]},
    ),
}

REFUSED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "names that stand above no column": (
        "  sepal length petal width y\n1     1.5      0.2 2\n2     2.5      0.4 3\n",
        "csv_ragged",
        {"line": 1, "count": 5, "expected": 4},
    ),
    "numpy, cut": (
        "[[0.1 0.2]\n [1.1 1.2]\n ...\n [8.1 8.2]]\n",
        "csv_left_out",
        {"line": 3, "text": "..."},
    ),
    "matlab, rows of two widths": ("1 2; 3 4 5", "csv_ragged", {"line": 2}),
    "weka, too few values": (
        "@relation r\n@attribute x real\n@attribute k {a,b}\n@data\n1,a\n2\n3,b\n",
        "csv_attributes",
        {"line": 6, "count": 1, "expected": 2},
    ),
    "weka, too few values at first": (
        "@relation r\n@attribute k {a,b}\n@attribute l {a,b}\n@data\na\na,b\nb,a\n",
        "csv_attributes",
        {"line": 5, "count": 1, "expected": 2},
    ),
    "weka, too many values": (
        "@relation r\n@attribute x real\n@attribute k {a,b}\n@data\n1,2,a\n3,4,b\n",
        "csv_attributes",
        {"line": 5, "count": 3, "expected": 2},
    ),
    "weka, a class that is not listed": (
        "@relation r\n@attribute x real\n@attribute k { a , 'b c' }\n@data\n1,a\n3,'b c'\n4,c\n",
        "csv_label",
        {"line": 7, "column": "2 (k)", "cell": "c"},
    ),
    "rows or decimal commas": ("1,2; 3,4; 5,6", "csv_open_rows", {"line": 1, "cell": "1,2"}),
    "rows or thousands": ("1 234; 2 345", "csv_open_rows", {"line": 1, "cell": "1 234"}),
    "numpy, cut across": ("[[0.1 0.2 ... 0.3]\n [1.1 1.2 ... 0.4]]", "csv_left_out", {"line": 1}),
    "numpy, a cut row": ("[0, 1, 2, ..., 97, 98, 99]", "csv_left_out", {"line": 1}),
    "torch, cut": (
        "tensor([[0.1, 0.2],\n        ...,\n        [3.0, 4.0]])",
        "csv_left_out",
        {"line": 2},
    ),
    "pandas, cut": (
        "      x  y\n0   1.5  2\n..  ... ..\n9   3.5  4\n\n[10 rows x 2 columns]\n",
        "csv_left_out",
        {"line": 3},
    ),
    "pandas, cut across": (
        "     x  ...  y\n0  1.5  ...  2\n1  2.5  ...  3\n\n[2 rows x 22 columns]\n",
        "csv_columns_left_out",
        {"line": 2, "index": 3},
    ),
    "polars, cut": (
        "│ x   ┆ y │\n│ 1.5 ┆ 2 │\n│ …   ┆ … │\n│ 3.5 ┆ 4 │\n",
        "csv_left_out",
        {"line": 3},
    ),
    "R, a cut tibble": (
        "# A tibble: 150 × 2\n      x     y\n  <dbl> <dbl>\n1   1.5     2\n# ℹ 149 more rows\n",
        "csv_left_out",
        {"line": 5},
    ),
    "R, a cut data.table": (
        "      x y\n  1: 1.5 2\n  2: 2.5 3\n ---      \n 99: 3.5 4\n",
        "csv_left_out",
        {"line": 4},
    ),
    "R, a print that was stopped": (
        "    x y\n1 1.5 2\n2 2.5 3\n"
        " [ reached 'max' / getOption(\"max.print\") -- omitted 9 rows ]\n",
        "csv_left_out",
        {"line": 4},
    ),
    "latex, cut": ("1 & 2 \\\\\n\\vdots & \\vdots \\\\\n8 & 9 \\\\\n", "csv_left_out", {"line": 2}),
    "matlab, parts that do not fit": (
        "A =\n\n  Columns 1 through 2\n\n  1  2\n  5  6\n\n  Column 3\n\n  4\n",
        "csv_parts",
        {"line": 3},
    ),
    "R, str": (
        "'data.frame':\t3 obs. of  2 variables:\n $ x: num  1 2 3\n $ y: num  4 5 6\n",
        "csv_format",
        {"format": "R"},
    ),
    "yaml": ("- x: 1\n  y: 2\n- x: 3\n  y: 4\n", "csv_format", {"format": "YAML"}),
    "yaml, lists": ("data:\n  x: [1, 2, 3]\n  y: [4, 5, 6]\n", "csv_format", {"format": "YAML"}),
    "yaml, documents": ("---\nx: 1.5\ny: 2\n---\nx: 2.5\ny: 3\n", "csv_format", {"format": "YAML"}),
    "ini": ("[a]\nx = 1\ny = 2\n", "csv_format", {"format": "INI"}),
    "python, a dictionary": ("{'x': [1, 2], 'y': [4, 5]}", "csv_format", {"format": "Python"}),
    "python, records": ("[{'x': 1, 'y': 2}, {'x': 3, 'y': 4}]", "csv_format", {"format": "Python"}),
    "python, code": ("df = pd.DataFrame({'x': [1, 2]})", "csv_format", {"format": "Python"}),
    "python, lists": ("x = [1, 2, 3]\ny = [4, 5, 6]\n", "csv_format", {"format": "Python"}),
    "matlab, lists": ("x = [1 2 3];\ny = [4 5 6];\n", "csv_format", {"format": "MATLAB"}),
    "mathematica, names": ('<|"x" -> 1, "y" -> 2|>', "csv_format", {"format": "Mathematica"}),
    "wikitext": (
        '{| class="wikitable"\n! x !! y\n|-\n| 1.5 || 2\n|}\n',
        "csv_format",
        {"format": "wikitext"},
    ),
    "SQL": ("INSERT INTO t (x, y) VALUES (1, 2);\n", "csv_format", {"format": "SQL"}),
    "part of a page": ("<tr><td>1</td><td>2</td></tr>", "csv_format", {"format": "HTML"}),
    "XML": ("<data><row x='1'/></data>", "csv_format", {"format": "XML"}),
    "pandas, describe": (
        "              x         y\ncount  3.000000  3.000000\nmean   1.500000  2.000000\n"
        "std    1.000000  1.000000\nmin    0.500000  1.000000\n",
        "csv_summary",
        {"name": "describe()"},
    ),
    "pandas, info": (
        " #   Column  Non-Null Count  Dtype\n---  ------  --------------  -----\n 0   x       3\n",
        "csv_summary",
        {"name": "info()"},
    ),
    "R, summary": (
        "       x            y\n Min.   :4.3   Min.   :2.0\n 1st Qu.:5.1   1st Qu.:2.8\n",
        "csv_summary",
        {"name": "summary()"},
    ),
    "pandas, in parts": (
        "     aaa  bbb  \\\n0    1.5  2.5   \n1    2.5  3.5   \n\n     ccc\n0    4.5\n1    5.5\n",
        "csv_parts",
        {"line": 5},
    ),
    "pandas, the first of parts": (
        "     aaa  bbb  \\\n0    1.5  2.5   \n1    2.5  3.5   \n",
        "csv_parts",
        {"line": 1},
    ),
    "R, in parts": (
        "      mpg cyl\nMazda  21   6\nWag    21   6\n      disp  hp\nMazda  160  110\n"
        "Wag    160 110\n",
        "csv_parts",
        {"line": 4},
    ),
    "R, a vector": ("[1] 1.5 2.5 3.5\n", "csv_format", {"format": "R"}),
    "R, a list": ("$x\n[1] 1 2 3\n\n$y\n[1] 4 5 6\n", "csv_format", {"format": "R"}),
    "an empty matrix": ("A =\n\n     []\n", "csv_format", {}),
    "latex, errors": (
        "$1.5 \\pm 0.1$ & 2 \\\\\n$2.5 \\pm 0.2$ & 3 \\\\\n",
        "csv_words_or_numbers",
        {"line": 1},
    ),
    "top codes": ("age,y\n65+,1\n70+,2\n18,3\n", "csv_words_or_numbers", {"cell": "65+"}),
    "millions": ("a;y\n1,5 Mio.;1\n2,5 Mio.;2\n", "csv_words_or_numbers", {"cell": "1,5 Mio."}),
    "degrees and minutes": (
        "lat;y\n52°31'12\"N;1\n48°8'0\"N;2\n",
        "csv_words_or_numbers",
        {"line": 2},
    ),
    "subtotals": (
        "k;n\na;12\nb;7\nZwischensumme;19\nc;3\nGesamtsumme;22\n",
        "csv_open_total",
        {"line": 6},
    ),
    "subtotals alone": ("k,n\na,12\nb,7\nSubtotal,19\nc,3\n", "csv_open_subtotals", {"line": 4}),
    "thousands or columns": ("1 234  5 678\n2 345  6 789\n", "csv_open_blanks", {"line": 2}),
    "months without a year": ("d,y\n5-May,1\n6-Jun,2\n", "csv_date", {"cell": "5-May"}),
    "months and two figures": ("d,y\nMay-05,1\nJun-05,2\n", "csv_day_or_month", {"cell": "May-05"}),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_printed_around_rows_is_no_row(name: str) -> None:
    text, expected = READ[name]
    table = read_table(text)
    found = [[*(c.cells if c.holds == "words" else c.values)] for c in table.columns]
    assert table.names == tuple(key.strip() for key in expected)
    assert found == list(expected.values())
    assert not list(questions(table, range(len(table.columns))))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_whole_table_is_refused_by_name(name: str) -> None:
    text, code, values = REFUSED[name]
    with pytest.raises(InvalidTable) as caught:
        dataset_of(read_table(text))
    assert caught.value.code == code
    assert values.items() <= caught.value.values.items()


@pytest.mark.parametrize(
    ("delimiter", "rows"), [("comma", [("1", "2"), ("3", "4")]), ("semicolon", [("1,2", "3,4")])]
)
def test_what_semicolons_part_may_be_told(delimiter: str, rows: list[tuple[str, ...]]) -> None:
    assert [row.cells for row in read_table("1,2; 3,4", delimiter=delimiter).rows] == rows


def test_one_may_go_on_without_what_was_not_printed() -> None:
    rows = read_table("[[0.1 0.2]\n [1.1 1.2]\n ...\n [8.1 8.2]]\n", omit=(3,)).rows
    assert [row.line for row in rows] == [1, 2, 4]
    table = read_table("     x  ...  y\n0  1.5  ...  2\n1  2.5  ...  3\n")
    assert dataset_of(table, TableUse(("ignore", "input", "ignore", "target"))).columns == ("x",)


def test_heads_are_told_as_lines_that_were_left_out() -> None:
    assert read_table("A =\n\n 1 2\n 3 4\n").comments == (1,)
    assert read_table("5-May,1\n6-Jun,2\n5-May,2\n", literals="words").columns[0].holds == "words"


def test_subtotals_are_left_out_or_kept() -> None:
    text = "k,n\na,12\nb,7\nSubtotal,19\nc,3\n"
    assert len(dataset_of(read_table(text, omit=(4,))).targets) == 3
    assert len(dataset_of(read_table(text, total=False)).targets) == 4


def test_a_column_of_numbers_and_words_may_be_words() -> None:
    table = read_table("doors,y\n2,1\n3,2\n4,3\n5more,4\n5more,5\n", literals="words")
    assert table.columns[0].words == ("2", "3", "4", "5more")
