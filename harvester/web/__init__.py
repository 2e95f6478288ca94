"""The review pages: an ASGI application over the use cases of `harvester.review`.

    app.py       create_app: routes, the guard, errors
    pages.py     what all pages share: the language, the way through a filter, what was just done
    frame.py     the templates with the words of each language
    pages_*.py   the pages: they ask a use case and fill a template, nothing else
    fields.py    form fields -> what an editor says, or which field is wrong
    security.py  the login; guard.py is passed by every request, before and after
    words.py     texts, dates and numbers in the reader's language
    templates/, static/   they work without the script; the script adds keys and comfort

A change is a POST that ends in a redirect, so that reloading a page repeats nothing.
What was said is told on the next page by the number of its act (`?done=`).
"""
