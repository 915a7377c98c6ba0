"""Sections and points of essays: rows that mirror the outline of the text."""

from django.db import models

from articles.text.anchors import Block


class BlockQuerySet(models.QuerySet):
    def current(self):
        """Those that are in their essay now, in reading order."""
        return self.exclude(position=None).order_by("position")

    def upsert(self, rows, fields):
        """Stores the rows, replacing those with the same essay and anchor."""
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["article", "anchor"], update_fields=fields
        )


class Section(models.Model):
    """A heading, or a bulleted list with its lead. Without a position it has left the essay."""

    class Kind(models.TextChoices):
        HEADING = "heading"
        LIST = "list"

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="sections")
    anchor = models.CharField(max_length=80)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    level = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    position = models.PositiveIntegerField(null=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "anchor"], name="section_anchor_unique")
        ]

    def __str__(self):
        return self.text


class Point(models.Model):
    """A bullet of an essay. Without a position it has left the essay, but keeps its replies."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="points")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="points")
    anchor = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    position = models.PositiveIntegerField(null=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "anchor"], name="point_anchor_unique")
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{self.article.get_absolute_url()}#{self.anchor}"


def known_blocks(article):
    """The blocks of all sections and points that the essay has or had, current ones in order."""
    if not article.pk:
        return []
    fields = "kind", "text", "anchor", "position", "pk"
    points = article.points.annotate(kind=models.Value("point", models.CharField()))
    points = points.values_list(*fields, named=True)
    rows = article.sections.values_list(*fields, named=True).union(points, all=True)
    return [
        Block(row.kind, row.text, anchor=row.anchor, current=row.position is not None)
        for row in sorted(rows, key=lambda row: (row.position or 0, row.pk))
    ]


def sync_outline(article, blocks):
    """Makes the rows mirror the blocks; rows of blocks that have left only lose their position."""
    article.sections.exclude(position=None).update(position=None)
    article.points.exclude(position=None).update(position=None)
    sections, points = {}, []
    for position, block in enumerate(blocks):
        row = {"article": article, "anchor": block.anchor, "text": block.text}
        row |= {"level": block.level, "position": position}
        if block.kind == "point":
            section = sections.get(block.section.anchor) if block.section else None
            points.append(Point(section=section, **row))
        else:
            sections[block.anchor] = Section(kind=block.kind, **row)
    Section.objects.upsert(sections.values(), ["kind", "level", "text", "position"])
    Point.objects.upsert(points, ["section", "level", "text", "position"])
