"""Files in the manner of many programs: each is read exactly so, or refused with the reason."""

from typing import Any

import pytest

from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import read_table
from app.data.dates import numbers_of
from app.data.numbers.written_dates import since
from app.errors import InvalidTable
from tests.data.text.test_dialects import assert_asked

NARROW = "\N{NARROW NO-BREAK SPACE}"

DATED = TableUse(("input", "target"))
# Text, and the columns in use: the inputs, then the target.
READ: dict[str, tuple[str, list[list[float]]]] = {
    "excel, us": (
        'Date,Region,Units,Revenue\n1/5/2024,North,12,"$1,250.00"\n1/6/2024,South,7,"$980.50"\n'
        '1/7/2024,North,15,"$2,100.75"\n',
        [[12, 7, 15], [1250, 980.5, 2100.75]],
    ),
    "excel, de": (
        "Datum;Menge;Umsatz\n05.01.2024;12;1.250,00 €\n06.01.2024;7;980,50 €\n",
        [[12, 7], [1250, 980.5]],
    ),
    "excel, fr": (
        f"Date;Quantité;CA\n05/01/2024;12;1{NARROW}250,00 €\n06/01/2024;7;980,50 €\n",
        [[12, 7], [1250, 980.5]],
    ),
    "excel, ch": (
        "Menge;Umsatz\n12;CHF 1'250.00\n7;CHF 980.50\n", [[12, 7], [1250, 980.5]],
    ),
    "excel, ch, no cents": (
        "Menge;Umsatz\n12;CHF 1'250.50\n7;CHF 980.—\n3;15.—\n", [[12, 7, 3], [1250.5, 980, 15]],
    ),
    "excel, in": ('Units,Price\n1,"₹1,25,000.00"\n2,"₹98,050.50"\n', [[1, 2], [125000, 98050.5]]),
    "excel, blanks in thousands": ("a;b\n1 000,5;2 000\n3 000,5;4 100\n",
                                   [[1000.5, 3000.5], [2000, 4100]]),
    "excel, tabs and blanks": ("a\tb\n1 000,5\t2 000,5\n3 000,5\t4 100,5\n",
                               [[1000.5, 3000.5], [2000.5, 4100.5]]),
    "excel, less than zero": ("a;b\n-1.250,00;1\n(980,50);2\n12,00-;3\n",
                              [[-1250, -980.5, -12], [1, 2, 3]]),
    "excel, per cent": ("a,b\n5%,1\n12.5%,0\n7%,1\n", [[0.05, 0.125, 0.07], [1, 0, 1]]),
    "excel, years below groups": (
        "Umsatz;;Kosten;\n2019;2020;2019;2020\n1,5;2,5;3,5;4,5\n2,5;3,5;4,5;5,5\n",
        [[1.5, 2.5], [2.5, 3.5], [3.5, 4.5], [4.5, 5.5]],
    ),
    "libreoffice, single quotes": ("'x';'y'\n'1,5';2\n'2,5';3\n", [[1.5, 2.5], [2, 3]]),
    "libreoffice, fixed": ("x        y      z\n1.5      2      3\n2.5      3      4\n",
                           [[1.5, 2.5], [2, 3], [3, 4]]),
    "google sheets, units": ('"Height","Weight"\n"170 cm","65 kg"\n"182 cm","80 kg"\n',
                             [[170, 182], [65, 80]]),
    "google sheets, degrees": ("t\ty\n20 °C\t1\n21.5°C\t2\n", [[20, 21.5], [1, 2]]),
    "pandas, index": (",height,weight\n0,1.7,65.0\n1,1.82,80.0\n", [[1.7, 1.82], [65, 80]]),
    "pandas, to_string": ("   height  weight\n0     1.7    65.0\n1     1.8    80.0\n",
                          [[1.7, 1.8], [65, 80]]),
    "pandas, several header lines": ("a,a,b\nmin,max,mean\n1,2,3\n4,5,6\n",
                                     [[1, 4], [2, 5], [3, 6]]),
    "pandas, dates as index": ("date,x,y\n2024-01-05,1.0,2.0\n2024-01-06,2.0,3.0\n",
                               [[1, 2], [2, 3]]),
    "python, underscores": ("a,b\n1_000,1\n2_500.5,2\n", [[1000, 2500.5], [1, 2]]),
    "R, print": ("  mpg cyl\nMazda 21.0 6\nDatsun 22.8 4\n", [[21, 22.8], [6, 4]]),
    "R, write.csv2": ('"";"mpg";"cyl"\n"Mazda RX4";21;6\n"Datsun 710";22,8;4\n',
                      [[21, 22.8], [6, 4]]),
    "R, tibble": (
        "# A tibble: 2 × 2\n      x     y\n  <dbl> <dbl>\n1   1.5     2\n2   2.5     3\n",
        [[1.5, 2.5], [2, 3]],
    ),
    "R, exponents": ('"x","y"\n1e+05,1\n1.5e-05,2\n', [[1e5, 1.5e-5], [1, 2]]),
    "MATLAB, ascii": ("   1.5000000e+00   2.0000000e+00\n  -2.5000000e+00   3.0000000e+00\n",
                      [[1.5, -2.5], [2, 3]]),
    "MATLAB, exponents with D": ("1.5D+00,2\n-2.5D-01,3\n", [[1.5, -0.25], [2, 3]]),
    "Weka": ("@relation r\n@attribute 'x y' real\n@attribute y real\n@data\n% c\n1,2\n2,3\n",
             [[1, 2], [2, 3]]),
    "Arabic digits": ("a,b\n١,1\n٢,2\n", [[1, 2], [1, 2]]),
    "Arabic decimal and thousands separators": ("a;b\n١٢٫٣٤٥;١٬٢٣٤\n\u200f-٢٫٥;۲\n",
                                                [[12.345, -2.5], [1234, 2]]),
    "full width signs": ("a\tb\n－１．５\t５０％\n２．２５\t２５％\n", [[-1.5, 2.25], [0.5, 0.25]]),
    "full width": ("a,b\n１,1\n２,2\n", [[1, 2], [1, 2]]),
    "decimal commas beside commas with a blank": (
        "1,5, 2,5, -3\n2,5, 3,5, 4\n", [[1.5, 2.5], [2.5, 3.5], [-3, 4]]),
    "names above decimal commas": ("a, b\n1,5, 2\n2,5, 3,25\n", [[1.5, 2.5], [2, 3.25]]),
    "fractions among numbers": ("a,b\n0.5,1\n1/4,2\n2,3\n", [[0.5, 0.25, 2], [1, 2, 3]]),
    "signs of fractions": ("x,y\n1½,1\n¼,2\n−⅔,3\n", [[1.5, 0.25, -2 / 3], [1, 2, 3]]),
    "mixed fractions": ("a,b\n0.5,1\n1 1/2,2\n2,3\n", [[0.5, 1.5, 2], [1, 2, 3]]),
    "a blank table with names": ("hours score pass\n5 120 1\n7 130 0\n",
                                 [[5, 7], [120, 130], [1, 0]]),
    "grouped, as the names tell": ("a b\n1 000,5 2 000,5\n3 000,5 4 100,5\n",
                                   [[1000.5, 3000.5], [2000.5, 4100.5]]),
    "an id in camel case": ("PassengerId,Fare,Age\n1,7.25,22\n2,71.5,38\n",
                            [[7.25, 71.5], [22, 38]]),
    "times": ("t,y\n12:30,1\n13:45,2\n", [[12.5, 13.75], [1, 2]]),
    "Weka dates": ('@relation r\n@attribute d date "yyyy-MM-dd"\n@attribute y real\n@data\n'
                   '"2024-01-05","1"\n"2024-03-01","2"\n', [[0, 56], [1, 2]]),
    "powers with raised figures": ("a,b\n1.5×10³,1\n10⁻²,2\n", [[1500, 0.01], [1, 2]]),
    "powers of ten alone": ("a,b\n10^3,1\n-10^-2,2\n", [[1000, -0.01], [1, 2]]),
    "Turkish per cent": ("a;b\n%5;1\n%12,5;2\n", [[0.05, 0.125], [1, 2]]),
    "dashes for minus": ("a;b\n–5;1\n‐7;2\n﹣9;3\n", [[-5, -7, -9], [1, 2, 3]]),
    "blanks as wide as figures": ("a;b\n1\u2007234;1\n12\u2007345;2\n", [[1234, 12345], [1, 2]]),
    "signs without width": ("a;b\n\u200b5;1\n\ufeff7;2\n", [[5, 7], [1, 2]]),
    "accents for thousands": ("a;b\n1`234;1\n12´345.5;2\n", [[1234, 12345.5], [1, 2]]),
    "lines that were quoted whole": ('"a;b"\n"1,5;2"\n"3,5;4"\n', [[1.5, 3.5], [2, 4]]),
    "lines that were quoted twice": ('"a,""b"""\n"1,""2"""\n"3,""4"""\n', [[1, 3], [2, 4]]),
    "days of the week": ('t,y\n"Fri, 05 Jan 2024 12:00:00 GMT",1\nSa 06.01.2024,2\n',
                         [[0, 0.5], [1, 2]]),
    "nines among numbers like them": ("x,y\n9990,2\n9999,3\n9000,5\n",
                                      [[9990, 9999, 9000], [2, 3, 5]]),
    "months as names": ("k,Jan-24,Feb-24\nA,5,6\nB,7,8\n", [[5, 7], [6, 8]]),
    "months and years as names": ("k,2024-01,2024-02\nA,5,6\nB,7,8\n", [[5, 7], [6, 8]]),
    "dates without names": ("01.01.2024;5;6\n02.01.2024;7;8\n", [[5, 7], [6, 8]]),
    "rows without outer brackets": ("(1, 2), (3, 4),\n(5, 6)", [[1, 3, 5], [2, 4, 6]]),
    "thousands without cents": ("x;y\n1.234,- €;1\n2.500,- €;2\n", [[1234, 2500], [1, 2]]),
    "years above decimals": ("Land;2019;2020\nDE;1,5;3\nFR;2;3,5\n", [[1.5, 2], [3, 3.5]]),
    "times by name": ("Start;y\n8:30;1\n12:45;2\n", [[8.5, 12.75], [1, 2]]),
    "Weka, labels that are numbers": (
        "@relation r\n@attribute age real\n@attribute class {1,2}\n@data\n20,1\n30,2\n",
        [[20, 30], [0, 1]],
    ),
    "Weka, labels as inputs": (
        "@relation r\n@attribute windy {TRUE,FALSE}\n@attribute t real\n@attribute play {y,n}\n"
        "@data\nTRUE,20,y\nFALSE,30,n\nTRUE,40,n\n",
        [[1, 0, 1], [20, 30, 40], [1, 0, 0]],
    ),
    "months in figures": ("t,y\n05/2024,1\n7/2024,2\n", [[0, 61], [1, 2]]),
    "years first": ("d,y\n99-12-31,1\n00-01-01,2\n", [[0, 1], [1, 2]]),
    "years first, with dots": ("d;y\n99.12.31;1\n98.01.01;2\n", [[729, 0], [1, 2]]),
    "years of one century": ("d;y\n01.02.45;1\n05.07.62;2\n13.04.71;3\n",
                             [[0, 6363, 9567], [1, 2, 3]]),
    "years of two centuries": ("d;y\n31.12.99;1\n1.1.00;2\n", [[0, 1], [1, 2]]),
    "years to come": ("d;y\n31.12.29;1\n1.1.30;2\n", [[0, 1], [1, 2]]),
    "years beside whole ones": ("d;y\n31.12.1929;1\n31.1.29;2\n", [[334, 0], [1, 2]]),
    "trade": ("import value,export value\n5,6\n7,8\n", [[5, 7], [6, 8]]),
    "sizes as names": ("3x3 mean,y\n5,6\n7,8\n", [[5, 7], [6, 8]]),
    "prices without cents": ("x;y\n5,-;1\n7,50;2\n6,-- €;3\n", [[5, 7.5, 6], [1, 2, 3]]),
    "prices without cents, Swiss": ("x;y\n5.-;1\n7.50;2\n", [[5, 7.5], [1, 2]]),
    "per mille": ("a;b\n5‰;1\n7,5 ‰;2\n6%;3\n", [[0.005, 0.0075, 0.06], [1, 2, 3]]),
    "fractions of per cent": ("x;y\n½%;1\n1½ %;2\n2%;3\n", [[0.005, 0.015, 0.02], [1, 2, 3]]),
    "thousands that another column proves": ("x;y\n1.234;1.234,5\n2.500;2,5\n",
                                             [[1234, 2500], [1234.5, 2.5]]),
    "amounts of money beside decimal commas": ("x;y\n1.234 €;1,5\n2.500 €;2,5\n",
                                               [[1234, 2500], [1.5, 2.5]]),
    "thousands that another cell proves": ("x;y\n1.234,5;1\n2,5;2\n1.234;3\n",
                                           [[1234.5, 2.5, 1234], [1, 2, 3]]),
    "thousands of money": ("x;y\n$1,234;1\n$99.50;2\n$2.25;3\n", [[1234, 99.5, 2.25], [1, 2, 3]]),
    "thousands in a fixed width": ("x           y\n1        1 000,5\n2,5      2 000,5\n",
                                   [[1, 2.5], [1000.5, 2000.5]]),
    "MATLAB's factor": (
        "A =\n\n   1.0e+03 *\n\n    1.5000    0.0010\n   -2.5000         0\n",
        [[1500, -2500], [1, 0]],
    ),
    "MATLAB's small factor": (
        "   1.0e-03 *\n\n    0.1234    2\n   -2.5000    3\n",
        [[0.0001234, -0.0025], [0.002, 0.003]],
    ),
    "times with dots": ("Time;CO\n18.00.00;2,6\n19.30.00;2\n", [[18, 19.5], [2.6, 2]]),
    "numbers of six figures": ("n,y\n202401,1\n202413,2\n", [[202401, 202413], [1, 2]]),
    "parts of hours": ("time;y\n0.50;1\n1.25;2\n", [[0.5, 1.25], [1, 2]]),
    "hours with decimals": ("time;y\n7.50;1\n8.25;2\n", [[7.5, 8.25], [1, 2]]),
    "rates": ("eurusd;y\n1.1902;1\n1.2034;2\n", [[1.1902, 1.2034], [1, 2]]),
    "births": ("d;y\n01.02.31;1\n05.07.60;2\n01.01.88;3\n03.04.05;4\n",
               [[0, 10747, 20788, 27090], [1, 2, 3, 4]]),
    "weeks": ("t,y\n2024-W01,1\n2024-W02,2\n", [[0, 7], [1, 2]]),
    "facts above the names": ("Instrument,A-1\nOperator,Ada\n,\nTime,U\n0.1,2.5\n0.2,2.6\n",
                              [[0.1, 0.2], [2.5, 2.6]]),
    "times as Germans and French write them": ("t;y\n7:30 Uhr;1\n8:15 Uhr;2\n",
                                               [[7.5, 8.25], [1, 2]]),
    "times with an h": ("t;y\n7h30;1\n18 h 15;2\n9h;3\n", [[7.5, 18.25, 9], [1, 2, 3]]),
    "seconds with a decimal comma": ("t;y\n10:00:00,900;1\n10:30:00,000;2\n",
                                     [[10.00025, 10.5], [1, 2]]),
    "dates with blanks": ("d;y\n5. 1. 2024;1\n16. 2. 2024;2\n", [[0, 42], [1, 2]]),
    "Hungarian dates": ("d;y\n2024. 01. 05.;1\n2024. 02. 16.;2\n", [[0, 42], [1, 2]]),
    "a French first": ("d;y\n1er janvier 2024;1\n2 février 2024;2\n", [[0, 32], [1, 2]]),
    "Spanish dates": ("d;y\n1 de marzo de 2024;1\n3 de abril de 2024;2\n", [[0, 33], [1, 2]]),
    "decimals under a name with a unit": ("time (s),y\n830,1\n1215,2\n", [[830, 1215], [1, 2]]),
    "months of a year": ("m,y\n2003-04,1\n2003-05,2\n", [[0, 30], [1, 2]]),
    "a counter beside dates": ("id,bdate,salary\n1,2/3/1952,57000\n2,5/23/1958,40200\n",
                               [[0, 2301], [57000, 40200]]),
    "a counter alone": ("id,salary\n1,57000\n2,40200\n", [[1, 2], [57000, 40200]]),
    "short years beside whole ones": ("d;y\n1.2.2001;1\n1.2.98;2\n", [[1096, 0], [1, 2]]),
    "a last column of one word": ("x;y;eor\n1;2;eor\n3;4;eor\n5;6;eor\n", [[1, 3, 5], [2, 4, 6]]),
}  # fmt: skip

REFUSED: dict[str, tuple[str, str, dict[str, Any]]] = {
    **{f"like numbers: {a}": (f"x;y\n{a};1\n{b};2\n", "csv_words_or_numbers", {"cell": a})
       for a, b in (("1.5 (0.2)", "2.5 (0.1)"), ("√2", "√3"), ("2^3", "3^2"), ("3x4", "5 × 6"))},
    "years or days": ("d,y\n24-01-05,1\n24-02-09,2\n", "csv_open_date",
                      {"day": "2005-01-24", "month": "", "year": "2024-01-05"}),
    "years or days, with slashes": ("d,y\n24/01/05,1\n24/02/09,2\n", "csv_open_date",
                                    {"dates": "2005-01-24, 2024-01-05"}),
    "years or days, with dots": ("d;y\n24.01.05;1\n24.02.05;2\n", "csv_open_date", {"line": 2}),
    "years, months or days": ("d,y\n01/02/24,1\n02/03/24,2\n", "csv_open_date",
                              {"dates": "2024-02-01, 2024-01-02, 2001-02-24"}),
    "both signs, as often": ("a;b\n1,5;1\n2.5;2\n", "csv_mixed_decimal", {"line": 2}),
    "both groups": ("a;b\n1.234,5;1\n1,234.5;2\n", "csv_mixed_decimal", {"line": 2}),
    "both open": ("a;b\n1,234;1,5\n2.345;2,5\n", "csv_open_decimal", {"cell": "1,234"}),
    "fractions alone": ("odds,win\n5/2,1\n7/4,0\n", "csv_open_literal", {"value": "2.5"}),
    "zeros first": ("zip,y\n02134,1\n10001,2\n", "csv_open_literal", {"value": "2134"}),
    "infinity": ("a,b\n1,inf\n2,3\n", "csv_range", {"line": 2, "cell": "inf"}),
    "infinity as a sign": ("a,b\n1,∞\n2,3\n3,4\n", "csv_range", {"line": 2}),
    "blanks without names": ("1 000,5 2\n3 000,5 4\n", "csv_open_blanks", {"line": 2}),
    "blanks in some rows": ("x y\n1 000,5 2\n2 300,5 3\n3 1\n", "csv_open_blanks", {"line": 2}),
    "R's row names of one word": ("mpg cyl disp\nValiant 18.1 6 225\nDuster 14.3 8 360\n",
                                  "csv_open_blanks", {"line": 2, "cell": "6 225"}),
    "R's row names or thousands": ("a b\n1 234 5\n2 345 6\n", "csv_open_blanks", {"line": 2}),
    "MATLAB's two factors": (
        "A =\n\n   1.0e+03 *\n\n    1.5    2.0\n\nB =\n\n   1.0e+04 *\n\n   -2.5    3.0\n",
        "csv_scaled", {"line": 9, "factor": "1.0e+04"},
    ),
    "years of this century or two": ("d;y\n01.02.15;1\n05.07.22;2\n13.04.31;3\n",
                                     "csv_open_century",
                                     {"line": 4, "early": "1931-04-13", "late": "2031-04-13"}),
    "such years among names of months": ("d;y\n5-Jan-95;1\n3-Feb-22;2\n12-Apr-31;3\n",
                                         "csv_open_century", {"cell": "12-Apr-31"}),
    "months or numbers": ("m;y\n05.2024;1\n10.2024;2\n", "csv_numbers_or_dates",
                          {"line": 2, "value": "5.2024", "date": "2024-05"}),
    "months or fractions": ("m;y\nNA;0\n5/24;1\n10/24;2\n", "csv_numbers_or_dates",
                            {"line": 3, "date": "2024-05"}),
    "a last month that is none": ("m;y\n05/24;1\n13/24;2\n", "csv_open_literal", {"line": 2}),
    "a spreadsheet's error in front": ("a,b\n1,2\n#DIV/0!,3\n4,5\n", "csv_missing", {"line": 3}),
    "half of the cells": ("a;b\n1.234.5;1\n2;2\n", "csv_number", {"line": 2}),
    "another unit": ("a,b\n20 kg,1\n500 g,2\n21 kg,3\n", "csv_unit", {"line": 3}),
    "the end of a day": ("t,y\n23:30,1\n24:00,2\n", "csv_time", {"line": 3, "cell": "24:00"}),
    "durations": ("t,y\n25:15,1\n26:10,2\n", "csv_time", {"cell": "25:15"}),
    "ratios": ("r,y\n1:20,1\n1:50,2\n", "csv_open_time", {"line": 2, "cell": "1:20"}),
    "ratios of two figures": ("r,y\n9:20,1\n10:50,2\n", "csv_open_time", {"cell": "9:20"}),
    "a time among dates": ("d,y\n2024-01-05,1\n12:30,2\n", "csv_date", {"cell": "12:30"}),
    "no unit in some": ("x;y\n1,5 km;1\n900;2\n2 km;3\n", "csv_unit", {"line": 3, "cell": "900"}),
    "per mille in most": ("x,y\n5‰,1\n6‰,2\n0.3,3\n", "csv_percent", {"line": 4}),
    "a point among commas": ("x;y\n1,5;1\n1.234;2\n2,75;3\n", "csv_open_decimal",
                             {"line": 3, "point": "1.234", "comma": "1234"}),
    "a point among commas and a zero": ("x;y\n0,123;1\n1.234;2\n0,5;3\n", "csv_open_decimal",
                                        {"cell": "1.234"}),
    "a comma among points": ("x;y\n1,234;2\n1.234;3\n2.5;4\n", "csv_open_decimal",
                             {"cell": "1,234", "point": "1234", "comma": "1.234"}),
    "points beside decimal commas": ("x;y\n2.125;1,5\n3.250;2,5\n2.375;0,5\n",
                                     "csv_open_decimal", {"point": "2.125", "comma": "2125"}),
    "days beside decimal commas": ("Datum;x;y\n01.03;1,5;1\n15.03;2,5;2\n", "csv_open_day",
                                   {"cell": "01.03", "value": "1.03"}),
    "days without zeros": ("Datum;x\n1.3;1\n15.3;2\n", "csv_open_day", {"value": "1.3"}),
    "times with a comma": ("Uhrzeit;y\n8,30;1\n9,15;2\n", "csv_numbers_or_dates", {"date": "8:30"}),
    "Shiller's months": ("Date,P\n1871.01,4.44\n1871.1,4.5\n", "csv_numbers_or_dates",
                         {"date": "1871-01"}),
    "six figures of a clock": ("time,y\n83015,1\n123015,2\n", "csv_open_day", {"line": 2}),
    "days that no name tells": ("t;x\n15.03;1,5\n16.03;2,5\n", "csv_open_day", {"line": 2}),
    "times beside decimal commas": ("von;x\n8.15;1,5\n17.45;2,5\n", "csv_numbers_or_dates",
                                    {"cell": "8.15", "date": "8:15"}),
    "times that the name tells": ("Stunde,y\n7.15,1\n9.30,2\n", "csv_numbers_or_dates",
                                  {"date": "7:15"}),
    "times with a zero": ("k,y\n08.15,1\n9.30,2\n", "csv_numbers_or_dates", {"date": "8:15"}),
    "years and months": ("m,y\n2024.01,1\n2024.1,2\n", "csv_numbers_or_dates",
                         {"date": "2024-01", "value": "2024.01"}),
    "six figures": ("date,y\n240105,1\n240210,2\n", "csv_numbers_or_dates",
                    {"date": "2005-01-24 / 2024-01-05"}),
    "six figures of one order": ("date,y\n310199,1\n310399,2\n", "csv_numbers_or_dates",
                                 {"date": "1999-01-31"}),
    "six figures without a name": ("k,y\n240105,1\n240210,2\n230101,3\n220203,4\n",
                                   "csv_numbers_or_dates", {"value": "240105"}),
    "eight figures, the year last": ("k,y\n12012024,1\n15022024,2\n", "csv_open_day",
                                     {"value": "12012024"}),
    "four figures": ("dep_time,y\n517,1\n1430,2\n", "csv_numbers_or_dates", {"date": "5:17"}),
    "fourteen figures": ("t,y\n20240105083015,1\n20240106093020,2\n", "csv_numbers_or_dates",
                         {"date": "2024-01-05"}),
    "about so much": ("x;y\nca. 5;1\nca. 6;2\n", "csv_words_or_numbers", {"cell": "ca. 5"}),
    "minutes past midnight": ("dep_time,y\n517,1\n5,2\n", "csv_open_day", {"value": "517"}),
    "seasons": ("s;y\n2003-04;1\n2004-05;2\n", "csv_open_season",
                {"cell": "2003-04", "year": "2003"}),
    "seasons with a slash": ("s;y\n1999/00;1\n2000/01;2\n", "csv_open_season", {"year": "1999"}),
    "seasons of two whole years": ("s;y\n2003/2004;1\n2004/2005;2\n", "csv_open_season",
                                   {"year": "2003"}),
    "figures that Excel keeps": ('x;y\n"=""001""";1\n"=""002""";2\n', "csv_open_literal",
                                 {"value": "1", "line": 2}),
    "seasons of two figures": ("s;y\n09/10;1\n10/11;2\n", "csv_open_short_season",
                               {"cell": "09/10", "year": "2009", "value": "0.9"}),
    "seasons over a century": ("s;y\n98/99;1\n99/00;2\n00/01;3\n", "csv_open_short_season",
                               {"cell": "98/99", "year": "1998"}),
    "seasons of years to come": ("s;y\n28/29;1\n29/30;2\n30/31;3\n", "csv_open_short_season",
                                 {"cell": "28/29", "year": "2028"}),
    "seasons a century apart": ("s;y\n28/29;1\n45/46;2\n", "csv_open_literal", {"cell": "28/29"}),
    "a season among years": ("s;y\n2003/04;1\n2004;2\n2005;3\n", "csv_open_season",
                             {"cell": "2003/04", "year": "2003"}),
    "a short season among years": ("s;y\n2011;1\n09/10;2\n2012;3\n", "csv_open_short_season",
                                   {"cell": "09/10", "year": "2009"}),
    "seasons of one figure": ("s;y\n2003/4;1\n2004/5;2\n", "csv_open_season",
                              {"year": "2003", "date": "2003-04"}),
    "a season among numbers": ("s;y\n12.5;1\n2003/04;2\n3;3\n", "csv_open_literal",
                               {"cell": "2003/04", "value": "500.75"}),
    "parts of cups": ("x;y\n½ cup;1\n1 cup;2\n1½ cups;3\n", "csv_words_or_numbers",
                      {"cell": "½ cup"}),
    "parts of per cents": ("x;y\n1/2%;1\n3/4%;2\n", "csv_words_or_numbers", {"cell": "1/2%"}),
    "billions of money": ("x;y\n1,2 Mrd. €;1\n950 Mio. €;2\n", "csv_words_or_numbers", {}),
    "months behind their year": ("s;y\n2004/07;1\n2004/08;2\n", "csv_numbers_or_dates",
                                 {"cell": "2004/07", "date": "2004-07"}),
    "seasons with a dash": ("s;y\n1999–00;1\n2000–01;2\n", "csv_open_season", {"line": 2}),
    "a short year far from whole ones": ("d;y\n1.2.2001;1\n3.4.48;2\n", "csv_open_century",
                                         {"early": "1948-04-03", "late": "2048-04-03"}),
    "a short year before whole ones": ("d;y\n1.2.2001;1\n3.4.52;2\n", "csv_open_century",
                                       {"early": "1952-04-03", "late": "2052-04-03"}),
    "two units": ("x,y\n5 cm,1\n2 m,2\n", "csv_unit", {"line": 2, "cell": "5 cm"}),
    **{f"no words: {a}": (f"x;y\n{a};1\n{b};2\n", "csv_words_or_numbers", {"cell": a})
       for a, b in (("48,5° N", "47,25° N"), ("2024-123", "2024-124"), ("3-4 mal", "5-6 mal"))},
    "a unit in some": ("a,b\n10 kg,1\n3,2\n4,3\n", "csv_number", {"line": 2}),
    "decimal commas between commas": ("a,b\n1,5,2\n2,5,3\n", "csv_decimal_commas", {"line": 2}),
    "nines": ("x,y\n1.5,2\n-999,3\n2.5,5\n", "csv_open_nines", {"line": 3, "cell": "-999"}),
    "nines above all others": ("x,y\n15,2\n9999,3\n25,5\n", "csv_open_nines", {"line": 3}),
    "nines of five": ("x,y\n1.5,2\n99999,3\n2.5,4\n", "csv_open_nines", {"cell": "99999"}),
    "nines with decimals": ("x,y\n0.5,2\n99.99,3\n0.25,4\n", "csv_open_nines", {"cell": "99.99"}),
    "grades": ("n;y\n2;5\n3-;3\n1-;4\n2;1\n", "csv_open_literal", {"line": 3, "cell": "3-"}),
    "nines of two": ("x,y\n1.5,2\n-99,3\n2.5,4\n", "csv_open_nines", {"cell": "-99"}),
    "nines in two columns": ("a,b,c\n1,2,20\n99,3,30\n2,1,25\n3,99,40\n", "csv_open_nines",
                             {"line": 3, "cell": "99"}),
    "months and two figures": ("m,y\nJan-24,1\nFeb-24,2\n", "csv_day_or_month",
                               {"date": "2024-01"}),
    "days without a year": ("d,y\n05-Jan,1\n06-Feb,2\n", "csv_day_or_month", {"date": "2005-01"}),
    "months of years that are no days": ("d,y\nJan-95,1\nFeb-95,2\n", "csv_date",
                                         {"date": "1995-01"}),
    **{f"{cell} below {name}": (f"x,{name}\n1,{cell}\n2,{cell}\n", "csv_other_unit",
                                {"cell": cell, "unit": unit, "line": 2})
       for name, cell, unit in (("dose (mg)", "5 g", "mg"), ("dose_mg", "5 g", "mg"),
                                ("price ($)", "5 €", "$"), ("r (‰)", "5%", "‰"),
                                ("dist_km", "500 m", "km"))},
    "a row of other units": ("dose,y\nmg,\n5 g,1\n6 g,2\n", "csv_other_unit", {"line": 3}),
    "a zone in some": ("t,y\n2024-01-05 08:30+02:00,1\n2024-01-05 09:30,2\n", "csv_open_zone",
                       {"cell": "2024-01-05 09:30", "other": "2024-01-05 08:30+02:00"}),
    "no zone in some": ("t,y\n2024-01-05T08:30,1\n2024-01-05T09:30Z,2\n", "csv_open_zone",
                        {"line": 2}),
    "months or numbers of six figures": ("m,y\n202401,1\n202402,2\n", "csv_numbers_or_dates",
                                         {"value": "202401", "date": "2024-01"}),
    "days or numbers": ("d,y\n20240115,1\n20240201,2\n", "csv_numbers_or_dates",
                        {"date": "2024-01-15"}),
    "times or numbers": ("Uhrzeit;y\n18.30;1\n19.05;2\n", "csv_numbers_or_dates",
                         {"value": "18.3", "date": "18:30"}),
    "nines twice": ("x;y\n1,5;2\n-9999,0;3\n2,5;4\n-9999,0;5\n", "csv_open_nines",
                    {"line": 3, "cell": "-9999,0"}),
    "nines of both signs": ("x,y\n1,2\n9999,3\n2,4\n-9999,5\n", "csv_open_nines", {"line": 3}),
    "a round number": ("CO;T;RH\n2,6;13,6;48,9\n2;13,3;47,7\n-200;11,9;54\n1,6;-200;60\n"
                       "-200;-1,2;-200\n", "csv_open_nines", {"line": 4, "cell": "-200"}),
    "the least of 16 bits": ("x,y\n1.5,2\n-32768,3\n2.5,4\n", "csv_open_nines", {"line": 3}),
    "statistics below": ("k,x,y\na,1,2\nb,3,4\nMean,2,3\nSD,1.4,1.4\n", "csv_open_subtotals",
                         {"line": 4}),
    "gaps of databases": ("x,y\n(null),1\n\\N,2\n3,3\n4,4\n", "csv_missing", {"line": 2}),
    "names once more": ("x,y\n1,2\nx,y\n3,4\n", "csv_number", {"line": 3, "cell": "x"}),
    "names that count from 1": ("1,2,3\n1.5,2.5,1\n3.5,4.5,0\n", "csv_open_header", {"line": 1}),
    "a year as the only name": ("land;2019\nDE;1,5\nFR;2,5\n", "csv_open_header", {"line": 1}),
    "minutes": ("t,y\n00:01.5,1\n00:02.5,2\n", "csv_time", {"cell": "00:01.5"}),
    "millions of dollars": ("n\tp\nA\t$1.2M\nB\t$900K\n", "csv_words_or_numbers",
                            {"cell": "$1.2M", "column": "2 (p)"}),
    "feet in words": ("a,y\n5 ft 10 in,1\n6 ft,2\n", "csv_words_or_numbers", {"line": 2}),
    "names in cells": ("t=1,x=2\nt=2,x=3\n", "csv_words_or_numbers", {"cell": "t=1"}),
    "LIBSVM with queries": ("1 qid:1 1:0.5\n0 qid:1 1:0.2\n", "csv_sparse", {"line": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_exactly(name: str) -> None:
    text, columns = READ[name]
    found = dataset_of(read_table(text))
    rows = [[*one, *other] for one, other in zip(found.inputs, found.targets, strict=True)]
    assert [list(column) for column in zip(*rows, strict=True)] == columns


@pytest.mark.parametrize(
    ("name", "cell"),
    [("price (EUR)", "5 €"), ("t (min)", "5 °C"), ("h (mean)", "5 cm"), ("dose [mg]", "5 mg")],
)
def test_a_unit_may_stand_in_name_and_cells(name: str, cell: str) -> None:
    found = dataset_of(read_table(f"{name},y\n{cell},1\n{cell},2\n"), DATED)
    assert found.inputs.tolist() == [[5], [5]]


@pytest.mark.parametrize("zone", ["", " UTC", "Z"])
def test_an_hour_of_one_figure_is_a_time(zone: str) -> None:
    rows = f"2024-01-05 8:30:00{zone},1\n2024-01-05 10:30:00{zone},2\n"
    found = dataset_of(read_table(f"t,y\n{rows}"), DATED)
    assert found.inputs[:, 0] == pytest.approx([0, 1 / 12])


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_read_in_two_ways_is_asked_about(name: str) -> None:
    assert_asked(*REFUSED[name])


def test_what_cells_are_is_told_for_each_column() -> None:
    text = "zip,odds,y\n01234,1/2,1\n02345,3/2,2\n03456,1/4,3\n"
    found = read_table(text, literals=("words", "numbers", ""))
    assert [one.holds for one in found.columns] == ["words", "numbers", "numbers"]
    assert found.columns[1].values == (0.5, 1.5, 0.25)
    assert_asked(text, "csv_open_literal", {"index": 1})


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("05.2024 10.2024", (0, 153)), ("05/24 10/24", (0, 153)), ("May-24 Oct-24", (0, 153)),
        ("202405 202410", (0, 153)), ("20240501 20241001", (0, 153)),
        ("18.30 7.15", (18.5, 7.25)), ("1830 715", (18.5, 7.25)),
        ("2024.05 2024.1", (0, 153)), ("202401051200 20240106180000", (0, 1.25)),
        ("2003-04 2004-05", (0, 396)), ("Q1-2024 q32024", (0, 182)), ("990501 990531", (0, 30)),
    ],
)  # fmt: skip
def test_dates_are_read_as_told(cells: str, values: tuple[float, ...]) -> None:
    first, second = cells.split()
    column = read_table(f"m;y\n{first};1\n{second};2\n", literals=("dates", "")).columns[0]
    assert column.values == pytest.approx(values, rel=1e-15)


@pytest.mark.parametrize(
    ("order", "days"), [("day", [0, 1, 33]), ("month", [0, 31, 62]), ("year", [0, 365, 761])]
)
def test_six_figures_have_the_order_that_is_told(order: str, days: list[float]) -> None:
    text = "date,y\n050124,1\n060124,2\n070224,3\n"
    told = read_table(text, literals="dates", dates=order)
    assert dataset_of(told, DATED).inputs[:, 0].tolist() == days
    with pytest.raises(InvalidTable) as caught:
        dataset_of(read_table(text, literals="dates"), DATED)
    assert caught.value.code == "csv_open_date"
    readings = {"day": "2024-01-05", "month": "2024-05-01", "year": "2005-01-24"}
    assert readings.items() <= caught.value.values.items()


def test_what_all_cells_are_told_to_be_changes_none_that_are_plain() -> None:
    rows = "05.2024;100;1/4;0.5\n10.2024;120;1/2;1.5\n11.2024;130;1200/24;2\n"
    found = read_table(f"d;n;f;y\n{rows}", literals="dates").columns
    assert (found[0].values[1], found[1].values) == (153, (100, 120, 130))
    mixed = "a;b;y\n1.5 (2);1200/24;1\n1.7 (3);3;2\n1.8 (1);4;3\n"
    found = read_table(mixed, literals="leading").columns
    assert (found[0].values[0], found[1].values[0]) == (1.5, 50)
    times = read_table("a;b;y\n25:15;10:05;1\n26:15;12:30;2\n", literals="minutes").columns
    assert [one.values[0] for one in times] == pytest.approx([25.25, 10 + 5 / 60, 1])


@pytest.mark.parametrize(
    "cells", ["1.5 (0.2)|-2 (1)", "1.5(2)|-2(13)", "1.5 ± 0.2|-2±1", "1.5[1]|-2 [a]", "1.5*|-2 **"]
)
def test_of_cells_that_tell_more_the_number_in_front_can_be_read(cells: str) -> None:
    first, second = cells.split("|")
    text = f"x;y\n{first};1\n{second};2\n"
    assert_asked(text, "csv_words_or_numbers", {"cell": first})
    assert read_table(text, literals="leading").columns[0].values == (1.5, -2)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("9.81(2)e-3|9.85(2)e-3", (0.00981, 0.00985)),
        ("3 ± 1 × 10^-2|4 ± 1 × 10^-2", (0.03, 0.04)),
        ("9.8 ± 0.2 mm|9.9 ± 0.2 cm", (None, None)), ("5 ± 1 %|6 ± 1 %", (0.05, 0.06)),
        ("1.5e3 (2)|2e3 (1)", (1500, 2000)), ("12* 500|13* 500", (None, None)),
        ("9.8(2) to 9(1)|9.9(2) to 9(1)", (None, None)), ("2003/04|2004/05", (2003, 2004)),
        ("5h|6.5 h", (5, 6.5)), ("'1.5|'2", (1.5, 2)), ("45k|52k", (None, None)),
        ("45k|1.5M", (None, None)), ("3 Stk.|4 Stk.", (3, 4)), ("2,5 m³|3 m³", (2.5, 3)),
        ("09/10|10/11", (2009, 2010)), ("99/00|00/01", (1999, 2000)),
        ("28/29|30/31", (2028, 2030)), ("2003/4|2004", (2003, 2004)),
        ("1.5 # good|2 # 3rd try", (1.5, 2)),
        ("½ cup|2 cups", (0.5, 2)), ("1 ½ cups|1/4 cup", (1.5, 0.25)),
    ],
)  # fmt: skip
def test_what_stands_behind_an_error_belongs_to_the_number_in_front(
    cells: str, values: tuple[float | None, ...]
) -> None:
    first, second = cells.split("|")
    told = read_table(f"x;y\n{first};1\n{second};2\n", literals="leading").columns[0]
    found = told.values if told.is_numeric else (None,) * 2
    assert found == values


def test_seasons_may_be_words() -> None:
    column = read_table("s;y\n2003-04;1\n2004-05;2\n", literals="words").columns[0]
    assert (column.holds, column.literal) == ("words", "")


def test_figures_that_are_no_numbers_are_left_out_with_the_reason() -> None:
    table = read_table("x;a;y\n48,5° N;1;1\n47,5° N;2;3\n")
    assert (table.ignored[0], table.proposed_roles()[0]) == ("unread", "ignore")


@pytest.mark.parametrize(("pivot", "days"), [(2029, 30610), (2031, 0), (1931, 0)])
def test_years_of_two_figures_end_with_the_pivot(pivot: int, days: float) -> None:
    column = read_table("d;y\n01.02.15;1\n13.04.31;3\n", pivot=pivot).columns[0]
    assert column.values[0] == days


@pytest.mark.parametrize(
    ("cell", "zero", "days"),
    [("01.02.15", "1931-02-01", 30681), ("31.12.98", "1999-12-31", -365),
     ("1.2.31", "2015-02-01", 5844),
     ("18.30.00", "0:00", 18.5), ("18.30.00", "2015-02-01", None)],
)  # fmt: skip
def test_a_date_is_near_the_first_one_of_its_column(
    cell: str, zero: str, days: float | None
) -> None:
    assert since(cell, zero, "day") == days


def test_each_cell_may_be_read_by_its_own_sign() -> None:
    text = "a;b\n1,5;1\n2.5;2\n1.234,5;3\n"
    assert read_table(text, decimal="each").columns[0].values == (1.5, 2.5, 1234.5)


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n-1,1\n1,2\n-1,3\n", "x,y\n1,2\n99,3\n2,4\n", "x,y\n800,1\n-100,2\n950,3\n",
        "x,y\n-300,1\n-200,2\n150,3\n", "x,y\n0,1\n-999,2\n0,3\n",
        "ram,price\n8,999.00\n16,1250.00\n16,1499.00\n32,1999.00\n32,2499.00\n",
        "x;y\n1;999,00 €\n2;1.234,50 €\n3;1.500,00 €\n", "x,y\n9999,1\n10500,2\n11000,3\n",
        "x,y\n1,999\n2,1100\n3,1200\n3,999\n", "x,y\n99,1\n99,2\n150,3\n180,4\n",
        "x,y\n999,1\n1013,2\n1009,3\n",
    ],
)  # fmt: skip
def test_ordinary_numbers_are_no_sentinels(text: str) -> None:
    assert [one.sentinels for one in read_table(text).columns] == [(), ()]


@pytest.mark.parametrize("cells", ["999 5 20 8", "-999 5 20 8", "999 10013 10009 10021"])
def test_numbers_far_from_all_others_are_sentinels(cells: str) -> None:
    rows = "".join(f"{cell},{at}\n" for at, cell in enumerate(cells.split()))
    found = [one.sentinels for one in read_table(f"x,y\n{rows}").columns]
    assert found == [(cells.split()[0],), ()]


def test_a_sentinel_is_one_in_every_column_that_it_is_alone_below() -> None:
    text = "a,b,c\n1.5,1360,5\n-200,1402,-200\n0.5,-200,-150\n2,1500,7\n-200,1600,9\n"
    assert [one.sentinels for one in read_table(text).columns] == [("-200",), ("-200",), ()]


@pytest.mark.parametrize("told", ["-999", "-999,0", " -999 "])
def test_numbers_may_stand_for_no_value(told: str) -> None:
    table = read_table("x;y\n1,5;2\n-999,0;3\n2,5;5\n", missing=[told])
    assert table.columns[0].gaps == (False, True, False)
    assert dataset_of(table, TableUse(gaps="mean")).inputs.tolist() == [[1.5], [2.0], [2.5]]


def test_nines_may_be_a_number() -> None:
    text = "x,y\n1.5,2\n-999,3\n2.5,5\n"
    assert dataset_of(read_table(text, literals="numbers")).inputs.tolist() == [
        [1.5],
        [-999],
        [2.5],
    ]
    assert dataset_of(read_table(text, omit=(3,))).inputs.tolist() == [[1.5], [2.5]]


def test_codes_may_be_words_or_numbers() -> None:
    text = "zip,y\n02134,1\n10001,2\n02134,3\n"
    assert read_table(text, literals="words").columns[0].holds == "words"
    assert read_table(text, literals="numbers").columns[0].values == (2134, 10001, 2134)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("2024-01-31", "2024-02-01"), (0, 1)),
        (("2024-02", "2024-01"), (31, 0)),
        (("31.1.2024", "1.2.2024 12:00"), (0, 1.5)),
        (("2024/1/31", "2024-01-31T06:00:00Z"), (0, 0.25)),
        (("0:30", "23:45:36"), (0.5, 23.76)),
        (("1/2/2024", "2024-13-01", "24:00", "12:75"), (None,) * 4),
        (("2024-01-31", "12:30"), (0, None)),
    ],
)
def test_dates_are_days_and_times_are_hours(
    cells: tuple[str, ...], values: tuple[float | None, ...]
) -> None:
    assert numbers_of(cells) == values
