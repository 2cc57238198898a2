"""What mails say, in each language: all of it, and nothing of another one."""

from htmx_ui.languages import LANGUAGES
from htmx_ui.letter_texts import password_text, sign_in_text


def test_each_language_has_words_of_its_own_for_each_paragraph() -> None:
    for make in (sign_in_text, password_text):
        english, german = (make(language, "ana@example.org", "https://app.test/x") for language in LANGUAGES)
        paragraphs = [said.text.rstrip().split("\n\n") for said in (english, german)]
        assert len(paragraphs[0]) == len(paragraphs[1])
        assert set(paragraphs[0]) & set(paragraphs[1]) == {"https://app.test/x"}
        assert english.subject != german.subject
