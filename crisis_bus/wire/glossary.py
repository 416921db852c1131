"""The page `topics/README.md`: the words of the project and the table of its topics, in English and Arabic."""

from collections.abc import Iterable, Mapping

from crisis_bus.wire.catalogue import Catalogue, Topic
from crisis_bus.wire.schemas import VERSION, Schema

WORDS = (
    ("space", "فضاء", "one government, or one rehearsal of it", "حكومة واحدة، أو تمرين لها"),
    ("report", "بلاغ", "a raw signal that something has happened", "إشارة أولية تفيد بأن أمرًا ما قد وقع"),
    ("incident", "حادث", "what has happened, and is handled until it is closed", "ما وقع فعلًا، ويُتابع حتى يُغلق"),
    ("command", "أمر", "what is asked of a space", "ما يُطلب من الفضاء"),
    ("fact", "واقعة", "what was decided, in the past tense", "ما تقرّر، بصيغة الماضي"),
    ("journal", "سجل", "all entries, one a command, chained by hashes", "كل القيود، قيد لكل أمر، تربطها بصمات متسلسلة"),
    ("entry", "قيد", "one answered command with its facts", "أمر أُجيب عنه، مع الوقائع الناتجة عنه"),
    ("lead", "الجهة القائدة", "the entity that handles an incident", "الجهة التي تتولى الحادث"),
    ("spokesperson", "متحدث رسمي", "the one person who speaks about an incident", "الشخص الوحيد الذي يتحدث عن الحادث"),
    ("statement", "بيان", "a text on its way to the public, or there", "نص في طريقه إلى الجمهور، أو وصل إليه"),
    ("key", "مفتاح", "one approval that a statement needs", "موافقة يحتاج إليها البيان"),
    ("bulletin", "بيان منشور", "a published statement as it leaves the house", "البيان كما يخرج بعد نشره"),
    ("chain", "سلسلة", "bulletins that must keep their order at a destination", "بيانات يجب أن تصل بترتيبها"),
    ("channel", "قناة", "a way out: the site, the wire, a webhook", "طريق للخروج: الموقع، أو الوكالة، أو واجهة برمجية"),
    ("subscription", "اشتراك", "one destination and the statements that it asks for", "وجهة، وما تطلبه من بيانات"),
    ("message", "رسالة", "one bulletin for one destination", "بيان واحد إلى وجهة واحدة"),
    ("attempt", "محاولة", "one try to deliver a message", "محاولة واحدة لتسليم رسالة"),
    ("receipt", "إيصال", "what a destination answered to an attempt", "جواب الوجهة عن المحاولة"),
    ("dead letter", "رسالة متعذّرة", "a record that could not be read, in full", "سجل تعذّرت قراءته، محفوظ بكامله"),
)  # fmt: skip

_HEAD = """\
<!-- Generated: python -m crisis_bus.wire.generate topics/ -->
# The contract · العقد

What travels on the bus: one YAML file a topic, a JSON Schema and golden examples a type, and `asyncapi.yaml` for tools.
ما ينتقل على الناقل: ملف لكل موضوع، ومخطط وأمثلة لكل نوع، ووثيقة AsyncAPI للأدوات.

Every record is a CloudEvents 1.0 event in binary mode: attributes are headers in UTF-8, the value is the data in JSON.
Structured mode is read as well; what cannot be read goes to the dead letters with all its bytes.
"""


def text(catalogue: Catalogue, schemas: Mapping[str, Schema]) -> str:
    """The page as its file holds it."""
    sections = (
        _HEAD,
        _section("Topics · المواضيع", ("topic", "purpose", "الغرض"), map(_purpose, catalogue.topics)),
        _section(
            "How they are kept · الحفظ",
            ("topic", "key", "partitions", "kept", "largest", "personal data", "seen by"),
            map(_keeping, catalogue.topics),
        ),
        _section("Who writes and reads · من يكتب ومن يقرأ", ("topic", "writes", "reads"), map(_use, catalogue.topics)),
        _section("Words · المصطلحات", ("word", "المصطلح", "meaning", "المعنى"), WORDS),
        _section("Types · الأنواع", ("type", "what it is"), (_type(*item) for item in schemas.items())),
    )
    return "\n".join(sections)


def _section(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return f"## {title}\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _purpose(topic: Topic) -> tuple[str, ...]:
    return f"[`{topic.name}`]({topic.name}.yaml)", topic.purpose.en, topic.purpose.ar


def _keeping(topic: Topic) -> tuple[str, ...]:
    kept = "for ever" if topic.retention_days == "forever" else f"{topic.retention_days} days"
    return (
        f"`{topic.name}`",
        topic.key.replace("<", "‹").replace(">", "›"),
        str(topic.partitions),
        "last of each key" if topic.cleanup == "compact" else kept,
        f"{topic.max_message_bytes // 1024 // 1024} MiB",
        "yes" if topic.personal_data else "no",
        topic.visibility,
    )


def _use(topic: Topic) -> tuple[str, ...]:
    return f"`{topic.name}`", ", ".join(topic.writers), ", ".join(topic.readers)


def _type(name: str, schema: Schema) -> tuple[str, ...]:
    return f"[`{name}`](schemas/{name}/{VERSION}.json)", str(schema["description"]).replace("\n", " ")
