"""自查报告: every clause of a company on a day as a document for print, a workbook and a file for programs.

`content` gathers what all three tell, once; `printed`, `tabled` and `told` write it; `making` makes the files and has
them recorded. In Chinese, as the text that it answers.
"""
