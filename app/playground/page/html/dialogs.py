"""The dialogs of the page, empty until there is something to ask."""

import htpy as h


def modal() -> h.Element:
    """Where modals of the app are shown."""
    return h.dialog("#modal", aria_labelledby="modal-title")[
        h.form("#modal-form", novalidate=True)[
            h.div(data_region="modal_head"),
            h.div("#modal-body", data_region="modal"),
            h.div(data_region="modal_foot"),
            h.div(".told", role="alert"),
        ]
    ]


def confirmation() -> h.Element:
    """Where one is asked before something is done."""
    return h.dialog(
        "#confirm",
        role="alertdialog",
        aria_labelledby="confirm-title",
        aria_describedby="confirm-text",
    )[
        h.h2("#confirm-title"),
        h.p("#confirm-text"),
        h.div(".dialog-buttons")[
            h.button(".button", type="button"),
            h.button(".button.is-primary", type="button"),
        ],
    ]
