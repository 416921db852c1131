"""The sentences of the findings: one row a code, in English and Arabic, and what to do for each rule."""
# size: a table of sentences, one for each code

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is wrong; `{about}` is the object, the other places are the details of the breach."""

    rule: str
    en: str
    ar: str


SENTENCES = MappingProxyType(
    {
        "key_missing": Sentence(
            "INV-1",
            "Statement {about} left without the keys {keys}, and they were not waived.",
            "صدر البيان {about} من دون مفاتيح الاعتماد {keys} ولم يُتنازل عنها.",
        ),
        "key_not_asked": Sentence(
            "INV-1",
            "Statement {about} left although the rules ask for {key} from {entity}, which was never asked for.",
            "صدر البيان {about} مع أن القواعد تشترط المفتاح {key} من {entity} ولم يُطلب.",
        ),
        "key_wrong_entity": Sentence(
            "INV-1",
            "Key {key} of statement {about} was given by {entity}, which may not give it.",
            "المفتاح {key} للبيان {about} أعطته {entity} وليست مخوّلة به.",
        ),
        "one_key_without_ground": Sentence(
            "INV-1",
            "Warning {about} left on one key although the life-safety rule did not hold.",
            "صدر التحذير {about} بمفتاح واحد مع أن قاعدة سلامة الأرواح لم تكن متحققة.",
        ),
        "out_untold": Sentence(
            "INV-1",
            "Statement {about} is out according to its record, but no fact tells of a publication.",
            "البيان {about} منشور بحسب سجله، ولا واقعة في السجل تخبر بنشره.",
        ),
        "delivered_unpublished": Sentence(
            "INV-1",
            "A receipt says that statement {about} was delivered on {channel}, but it was never published.",
            "إيصال يفيد بتسليم البيان {about} عبر {channel} مع أنه لم يُنشر قط.",
        ),
        "delivered_elsewhere": Sentence(
            "INV-1",
            "Statement {about} was delivered on {channel}, where it was not published.",
            "سُلِّم البيان {about} عبر {channel} وهي قناة لم يُنشر عليها.",
        ),
        "same_person": Sentence(
            "INV-2",
            "Author and key holders of statement {about} are not all different people.",
            "كاتب البيان {about} وحاملو مفاتيحه ليسوا أشخاصاً مختلفين جميعاً.",
        ),
        "key_survives": Sentence(
            "INV-3",
            "The text of statement {about} was changed and its keys {keys} still count.",
            "تغيّر نص البيان {about} وبقيت مفاتيحه {keys} سارية.",
        ),
        "key_untold": Sentence(
            "INV-3",
            "Statement {about} holds the keys {keys}, which nobody gave to this text.",
            "يحمل البيان {about} المفاتيح {keys} ولم يعطها أحد لهذا النص.",
        ),
        "text_swapped": Sentence(
            "INV-3",
            "Statement {about} is kept with another {field} than was submitted.",
            "حُفظ البيان {about} بقيمة في {field} تخالف ما قُدِّم.",
        ),
        "no_reference": Sentence(
            "INV-4",
            "{kind} {about} left without naming a published statement ({refs}).",
            "صدر {about} ({kind}) من دون إحالة إلى بيان منشور ({refs}).",
        ),
        "channel_missed": Sentence(
            "INV-4",
            "{kind} {about} did not go to {channels}, where {refs} went.",
            "لم يصل {about} ({kind}) إلى {channels} التي وصل إليها {refs}.",
        ),
        "left_out_in_use": Sentence(
            "INV-4",
            "{kind} {about} left out {channels} as suspended, but no suspension stands.",
            "استُبعدت {channels} من {about} ({kind}) بوصفها موقوفة ولا إيقاف قائماً عليها.",
        ),
        "destination_missed": Sentence(
            "INV-4",
            "A destination on {channel} has {ref} and, {minutes} minutes later, nothing of {about} which answers it.",
            "جهة على {channel} تسلّمت {ref} ولم يبلغها بعد {minutes} دقيقة شيء من {about} الذي يعالجه.",
        ),
        "flag_changed": Sentence(
            "INV-5",
            "{about} has another exercise flag than it began with.",
            "تغيّرت علامة التمرين في {about} عمّا بدأ به.",
        ),
        "drill_leaked": Sentence(
            "INV-5",
            "Exercise text {about} went to the real channels {channels}.",
            "خرج نص التمرين {about} إلى قنوات حقيقية: {channels}.",
        ),
        "real_on_drill": Sentence(
            "INV-5",
            "Real text {about} went to the exercise channels {channels}.",
            "خرج النص الحقيقي {about} إلى قنوات التمرين: {channels}.",
        ),
        "crosses": Sentence(
            "INV-5",
            "{about} refers to {refs}, across the line between exercise and real.",
            "يحيل {about} إلى {refs} عبر الحد الفاصل بين التمرين والواقع.",
        ),
        "language_missing": Sentence(
            "INV-6",
            "Statement {about} left without a text in {languages}.",
            "صدر البيان {about} من دون نص باللغات: {languages}.",
        ),
        "facts_differ": Sentence(
            "INV-6",
            "Statement {about} tells other values than its record holds: {keys}.",
            "يذكر البيان {about} قيماً تخالف سجله: {keys}.",
        ),
        "stale_unmarked": Sentence(
            "INV-7",
            "The fact sheet changed {keys} and the published statement {about} was not marked as stale.",
            "تغيّرت {keys} في بطاقة الحقائق ولم يوسم البيان المنشور {about} بأنه متقادم.",
        ),
        "voices_differ": Sentence(
            "INV-7",
            "Two current statements, {about} and {other}, differ in {keys} and nothing says so.",
            "بيانان ساريان، {about} و{other}، يختلفان في {keys} ولا شيء يشير إلى ذلك.",
        ),
        "not_on_sheet": Sentence(
            "INV-8",
            "Statement {about} left with values that the fact sheet does not have: {keys}.",
            "صدر البيان {about} بقيم ليست في بطاقة الحقائق: {keys}.",
        ),
        "sheet_untold": Sentence(
            "INV-8",
            "The fact sheet of {about} holds values that no fact has set.",
            "في بطاقة حقائق {about} قيم لم تضعها أي واقعة.",
        ),
        "names_before_kin": Sentence(
            "INV-9",
            "Statement {about} names victims before their next of kin were informed.",
            "يسمّي البيان {about} الضحايا قبل إبلاغ ذويهم.",
        ),
        "kin_by": Sentence(
            "INV-9",
            "Next of kin of {about} were confirmed by {entity}, which may not confirm it.",
            "أكّدت {entity} إبلاغ ذوي الضحايا في {about} وليست مخوّلة بذلك.",
        ),
        "kin_untold": Sentence(
            "INV-9",
            "The record of {about} says that next of kin know, and nobody has confirmed it.",
            "سجل {about} يقول إن ذوي الضحايا أُبلغوا ولم يؤكد ذلك أحد.",
        ),
        "lead_by": Sentence(
            "INV-10",
            "The lead of {about} was changed by {entity}, which may not change it.",
            "غيّرت {entity} الجهة القائدة في {about} وليست مخوّلة بذلك.",
        ),
        "lead_untold": Sentence(
            "INV-10",
            "{about} is led by {entity} according to its record, by {told} according to the facts.",
            "تقود {entity} الحادث {about} بحسب سجله، وتقوده {told} بحسب الوقائع.",
        ),
        "voice_untold": Sentence(
            "INV-10",
            "The spokesperson in the record of {about} is not the one whom the facts assigned.",
            "المتحدث في سجل {about} ليس من كلّفته الوقائع.",
        ),
        "voice_engaged": Sentence(
            "INV-10",
            "The spokesperson of {about} also speaks for {other}, both at level 2 or 3.",
            "متحدث {about} يتحدث أيضاً عن {other} وكلاهما في المستوى 2 أو 3.",
        ),
        "lowered_by": Sentence(
            "INV-11",
            "The level of {about} fell from {was} to {level} without GCO or NCEMA.",
            "انخفض مستوى {about} من {was} إلى {level} من دون المكتب أو الهيئة.",
        ),
        "level_untold": Sentence(
            "INV-11",
            "{about} is at level {level} according to its record, at {told} according to the facts.",
            "الحادث {about} في المستوى {level} بحسب سجله وفي المستوى {told} بحسب الوقائع.",
        ),
        "unsigned": Sentence(
            "INV-12",
            "{about} was stood down without a standing signature of {entities}.",
            "أُنهيت حالة الأزمة في {about} من دون توقيع قائم من {entities}.",
        ),
        "unfinished": Sentence(
            "INV-12",
            "{about} was stood down although this was open: {what}.",
            "أُنهيت حالة الأزمة في {about} مع بقاء ما يلي مفتوحاً: {what}.",
        ),
        "state_untold": Sentence(
            "INV-12",
            "{about} is {state} according to its record, {told} according to the facts.",
            "حالة {about} هي {state} بحسب سجله و{told} بحسب الوقائع.",
        ),
        "twice": Sentence(
            "INV-13",
            "A command with an id that was answered before had an effect again.",
            "أمر سبق الرد على معرّفه أحدث أثراً مرة ثانية.",
        ),
        "time_back": Sentence(
            "INV-13",
            "Time goes backwards in this entry: {what}.",
            "يعود الزمن إلى الوراء في هذا القيد: {what}.",
        ),
        "unanswered": Sentence(
            "INV-14",
            "A new command left no trace: neither a fact nor a refusal.",
            "أمر جديد لم يترك أثراً: لا واقعة ولا رفضاً.",
        ),
        "anonymous": Sentence(
            "INV-14",
            "{about} does not say {what}.",
            "الواقعة {about} لا تذكر {what}.",
        ),
        "text_state_untold": Sentence(
            "INV-14",
            "Statement {about} is {state} according to its record, {told} according to the facts.",
            "البيان {about} حالته {state} بحسب سجله و{told} بحسب الوقائع.",
        ),
        "extent_untold": Sentence(
            "INV-14",
            "The record of {about} holds another {what} than the facts told.",
            "في سجل {about} قيمة في {what} تخالف ما أخبرت به الوقائع.",
        ),
        "waiver_untold": Sentence(
            "INV-14",
            "The keys {keys} of statement {about} are waived and no fact says so.",
            "تُنوزل عن مفاتيح البيان {about} ({keys}) ولا واقعة تذكر ذلك.",
        ),
        "unknown_object": Sentence(
            "INV-14",
            "A fact of the type {about} is about something that no earlier fact has told of.",
            "واقعة من النوع {about} تتناول ما لم تذكره واقعة قبلها.",
        ),
        "unreadable": Sentence(
            "INV-14",
            "An entry that counts cannot be read in full: {what}.",
            "قيد معتمد في السلسلة تتعذر قراءته كاملاً: {what}.",
        ),
        "embargo_early": Sentence(
            "INV-15",
            "Statement {about} left before the end of its embargo, and nobody reported the embargo broken.",
            "صدر البيان {about} قبل انتهاء حظر نشره ولم يبلّغ أحد عن خرق الحظر.",
        ),
        "embargo_copy": Sentence(
            "INV-15",
            "The embargoed copy of {about} went to {channels}, beyond accredited media.",
            "أُرسلت النسخة المحظور نشرها من {about} إلى {channels} خارج الإعلاميين المعتمدين.",
        ),
        "embargo_forbidden": Sentence(
            "INV-15",
            "{kind} {about} was put under embargo, which is never allowed for it.",
            "فُرض حظر نشر على {about} ({kind}) وهو ما لا يجوز له.",
        ),
        "delivered_early": Sentence(
            "INV-15",
            "Statement {about} was delivered on {channel} before it was published.",
            "سُلِّم البيان {about} عبر {channel} قبل نشره.",
        ),
        "clock_silent": Sentence(
            "CLOCK",
            "{clock} of {about} was due at {due} and nothing was told.",
            "حان موعد {clock} في {about} عند {due} ولم يُذكر شيء.",
        ),
        "clock_left": Sentence(
            "CLOCK",
            "Timer {clock} of {about}, due at {due}, still waits although its space has gone past it.",
            "المؤقّت {clock} في {about} المستحق عند {due} ما زال ينتظر وقد تجاوزه زمن المساحة.",
        ),
        "clock_late": Sentence(
            "CLOCK",
            "Timer {clock} of {about} was due at {due} and has not fired: the desk stands still.",
            "المؤقّت {clock} في {about} استحق عند {due} ولم يعمل: المكتب متوقف.",
        ),
        "clock_missing": Sentence(
            "LIVE",
            "{about} waits for {clock} at {due} and has no timer for it: nobody would be called.",
            "ينتظر {about} موعد {clock} عند {due} ولا مؤقّت له: لن يُستدعى أحد.",
        ),
        "chain_broken": Sentence(
            "CHAIN",
            "The chain of partition {about} does not go on after this record ({why}).",
            "لا تستمر سلسلة القسم {about} بعد هذا القيد ({why}).",
        ),
    }
)
"""Every code and its sentences."""

REMEDIES = MappingProxyType(
    {
        "INV-1": (
            "Stop deliveries of this statement, tell GCO's director, and correct or retract it.",
            "أوقفوا تسليم هذا البيان وأبلغوا مدير مكتب الاتصال الحكومي ثم صحّحوه أو اسحبوه.",
        ),
        "INV-2": (
            "Have the statement approved anew by different people, and find out how the key was taken.",
            "أعيدوا اعتماد البيان من أشخاص مختلفين وتبيّنوا كيف قُبل المفتاح.",
        ),
        "INV-3": (
            "Withdraw the statement or correct it; what was approved is not what it says.",
            "اسحبوا البيان أو صحّحوه، فما اعتُمد ليس ما يقوله.",
        ),
        "INV-4": (
            "Send the correction again to what it missed, and name the statement that it answers.",
            "أعيدوا إرسال التصحيح إلى ما فاته واذكروا البيان الذي يعالجه.",
        ),
        "INV-5": (
            "Tell everybody on these channels what was a drill and what was not; stop the exercise.",
            "بيّنوا لكل من على هذه القنوات ما كان تمريناً وما لم يكن، وأوقفوا التمرين.",
        ),
        "INV-6": (
            "Publish the missing language with the same facts, or correct the statement.",
            "انشروا اللغة الناقصة بالحقائق نفسها أو صحّحوا البيان.",
        ),
        "INV-7": (
            "Correct the older of the two statements, or settle the contradiction.",
            "صحّحوا أقدم البيانين أو احسموا التعارض.",
        ),
        "INV-8": (
            "Put the value on the fact sheet if its owner confirms it; else correct the statement.",
            "أدرجوا القيمة في بطاقة الحقائق إن أكدتها الجهة المالكة، وإلا فصحّحوا البيان.",
        ),
        "INV-9": (
            "Ask MOI at once whether the families know; retract the names if they do not.",
            "اسألوا وزارة الداخلية فوراً هل أُبلغت الأسر، واسحبوا الأسماء إن لم تُبلغ.",
        ),
        "INV-10": (
            "Name one lead and one spokesperson by hand: lead.transfer, or a decline of the wrong person.",
            "حدّدوا يدوياً جهة قائدة واحدة ومتحدثاً واحداً بنقل القيادة أو باعتذار المتحدث غير الصحيح.",
        ),
        "INV-11": (
            "Set the level by hand (level.override) and find out who lowered it.",
            "اضبطوا المستوى يدوياً وتبيّنوا من خفضه.",
        ),
        "INV-12": (
            "Report the incident anew if the danger is not over: a stand-down cannot be taken back.",
            "أبلغوا عن الحادث من جديد إن لم يزل الخطر، فالإنهاء لا يُرجع عنه.",
        ),
        "INV-13": (
            "Keep the topic as it is; compare the two entries, and find out who wrote the second.",
            "أبقوا السجل كما هو وقارنوا القيدين وتبيّنوا من كتب الثاني.",
        ),
        "INV-14": (
            "Keep the topic as it is, it is evidence; look into the desk that wrote this entry.",
            "أبقوا السجل كما هو فهو دليل، وافحصوا المكتب الذي كتب هذا القيد.",
        ),
        "INV-15": (
            "Report the embargo broken (embargo.break), so that everybody gets the text now.",
            "بلّغوا عن خرق الحظر ليصل النص إلى الجميع الآن.",
        ),
        "CLOCK": (
            "Is the desk running and is it in time? Call by hand those whom this clock would have called.",
            "هل المكتب يعمل وفي وقته؟ استدعوا يدوياً من كان هذا الموعد سيستدعيه.",
        ),
        "LIVE": (
            "Watch this incident by hand until it ends, and look into the desk that lost the timer.",
            "تابعوا هذا الحادث يدوياً حتى ينتهي وافحصوا المكتب الذي فقد المؤقّت.",
        ),
        "CHAIN": (
            "Run crisis-bus journal verify; keep the topic as it is, and publish nothing by hand.",
            "شغّلوا crisis-bus journal verify وأبقوا السجل كما هو ولا تنشروا شيئاً يدوياً.",
        ),
    }
)
"""What to do, for each rule: English, Arabic."""

RULES: tuple[str, ...] = tuple(REMEDIES)
"""Every rule that the auditor watches, in its order."""
