r"""TeX as MathJax authors write it, translated into the TeX that KaTeX reads.

page = PageFormulas(mathjax=True)
page.read(r"\newcommand{\KL}{D_{KL}}", display=True).tex   # "": it only defines
page.read(r"\KL(p\|q)", display=False).tex                 # "D_{KL}(p\|q)"
"""

from dlmap.markdown.tex.macros import Macro, Macros
from dlmap.markdown.tex.page import PageFormulas, TranslatedFormula

__all__ = ["Macro", "Macros", "PageFormulas", "TranslatedFormula"]
