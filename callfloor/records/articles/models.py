"""
Articles, their versions in languages, who has read them, facts about products, and the index.

An article without a client is everybody's. The index holds approved versions and nothing else, as
words and the pieces of words, so that it works on any database.
"""

from django.db import models
from django.db.models import F, Q

from callfloor.records.people.models import Client, Person


class Article(models.Model):
    """A text by its key: what it is, who answers for it, when it is looked at again."""

    key = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    """None for a text of the whole centre."""
    kind = models.CharField(max_length=16)
    """One of rules.KINDS."""
    names = models.JSONField(default=dict)
    """Language to name: the file's, else the titles that were approved last."""
    owner = models.CharField(max_length=64)
    """The key of the role that answers for it."""
    review_date = models.DateField()
    from_file = models.BooleanField(default=False)
    """Whether the centre's file says name, kind, owner and review; pages leave them alone then."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(owner=""), name="article_has_owner"),
        ]


class ArticleVersion(models.Model):
    """What an article says in one language."""

    id = models.CharField(primary_key=True, max_length=64)
    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    """Counts the versions of this article in this language from 1."""
    state = models.CharField(max_length=12, default="draft")
    """draft, approved, retired."""
    title = models.CharField(max_length=200)
    body = models.TextField()
    keywords = models.CharField(max_length=500, blank=True)
    """Words that people look for and that the text does not have."""
    translates = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    """The version in another language of which this is the translation."""
    writers = models.JSONField(default=list)
    """The keys of all who wrote in it; none of them may approve it."""
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Who wrote last; None for what came with the centre."""
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "number"], name="article_version_once"
            ),
            models.UniqueConstraint(
                fields=["article", "language"],
                condition=Q(state="approved"),
                name="article_one_approved",
            ),
            models.UniqueConstraint(
                fields=["article", "language"], condition=Q(state="draft"), name="article_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(written_by=None)
                | ~Q(approved_by=F("written_by")),
                name="article_approved_by_another",
            ),
        ]


class Acknowledgement(models.Model):
    """Somebody has read a version, and said so."""

    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="readers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="acknowledged_once"),
        ]


class ProductFact(models.Model):
    """What a product costs and is, from a day on; the day before stays as it was."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="facts")
    valid_from = models.DateField()
    price_minor = models.BigIntegerField(null=True)
    """In the currency's smallest unit; None for what has no price of its own."""
    currency = models.CharField(max_length=3)
    attributes = models.JSONField(default=list)
    """Each with `name` and `value`, language to text."""
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "valid_from"], name="product_fact_once"),
            models.CheckConstraint(
                condition=Q(price_minor=None) | Q(price_minor__gte=0), name="product_price_positive"
            ),
        ]


class Word(models.Model):
    """A word of the index, as `rules.stems` leaves it."""

    language = models.CharField(max_length=12)
    text = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "text"], name="word_once"),
        ]


class WordPiece(models.Model):
    """Three letters that a word has; words that share many are spelled alike."""

    language = models.CharField(max_length=12)
    piece = models.CharField(max_length=3)
    word = models.ForeignKey(Word, models.CASCADE, related_name="pieces")

    class Meta:
        indexes = [models.Index(fields=["language", "piece"], name="word_piece")]


class Posting(models.Model):
    """A version has a word so many times."""

    word = models.ForeignKey(Word, models.CASCADE, related_name="postings")
    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="postings")
    in_title = models.PositiveSmallIntegerField()
    """Title and keywords together."""
    in_body = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "version"], name="posting_once"),
        ]
