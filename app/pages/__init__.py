"""The progress page: a whole scorecard as one HTML document, as Markdown and as JSON.

`content` puts a report into the words that HTML and Markdown both lay out, so that a figure reads
the same in each, and the same as in Slack; `data` gives the same figures to programs. All of it is
pure. `pictures` draws charts, which takes a tenth of a second each, for whoever can wait.
"""
