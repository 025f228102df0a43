"""What the migration makes of documents that were entered before a number was one however it is written."""

from importlib import import_module

from django.apps import apps

from lianjing.domain.documents.models import Document, EditionText
from tests.cast import Cast
from tests.domain.documents.written import document

migration = import_module("lianjing.domain.documents.migrations.0003_one_number_and_one_fold")


def test_of_two_that_were_one_all_along_both_stay_and_the_first_keeps_the_number(cast: Cast) -> None:
    first, second = document(cast, "T-01"), document(cast, "T-02")
    Document.objects.filter(pk=second.pk).update(number="ｔ-01", number_key="x")
    EditionText.objects.update(folded="")
    migration.key_numbers(apps, None)
    migration.fold_texts(apps, None)
    keys = dict(Document.objects.values_list("pk", "number_key"))
    assert keys == {first.pk: "T-01", second.pk: f"T-01#{second.pk}"}
    assert {text.folded[:4] for text in EditionText.objects.all()} == {"t-01", "t-02"}
