"""The words of the board for what the rule book writes in codes."""

from collections.abc import Mapping

from crisis_bus.gateway.languages import Both

GRADES: Mapping[int, Both] = {
    4: Both("حرجة", "Critical"),
    3: Both("جسيمة", "Major"),
    2: Both("متوسطة", "Significant"),
    1: Both("محدودة", "Minor"),
}
LEVELS: Mapping[int, Both] = {
    3: Both("وطني", "National"),
    2: Both("مشترك", "Cross-entity"),
    1: Both("مستوى الجهة", "Entity"),
}
KINDS: Mapping[str, Both] = {
    "PUBLIC_WARNING": Both("تحذير عام", "Public warning"),
    "HOLDING": Both("بيان أولي", "Holding statement"),
    "SITREP": Both("تحديث الموقف", "Situation update"),
    "RUMOUR_RESPONSE": Both("رد على شائعة", "Rumour response"),
    "CORRECTION": Both("تصحيح", "Correction"),
    "RETRACTION": Both("سحب", "Retraction"),
    "ALL_CLEAR": Both("زوال الخطر", "All clear"),
    "PRESS_RELEASE": Both("بيان صحفي", "Press release"),
    "LINES_TO_TAKE": Both("رسائل للمتحدثين", "Lines to take"),
    "INTERNAL_BRIEFING": Both("إحاطة داخلية", "Internal briefing"),
}
STATES: Mapping[str, Both] = {
    "REPORTED": Both("مُبلَّغ عنه", "Reported"),
    "ACKNOWLEDGED": Both("مستلم", "Acknowledged"),
    "STABILISING": Both("في طور الاستقرار", "Stabilising"),
    "SUSPENDED": Both("معلّق", "Suspended"),
    "MERGED": Both("مدمج", "Merged"),
    "STOOD_DOWN": Both("أُنهيت حالته", "Stood down"),
    "CLOSED": Both("مغلق", "Closed"),
    "FALSE_ALARM": Both("إنذار كاذب", "False alarm"),
    "DUPLICATE": Both("مكرر", "Duplicate"),
    "DRAFT": Both("مسودة", "Draft"),
    "IN_REVIEW": Both("قيد الاعتماد", "In review"),
    "BLOCKED": Both("موقوف", "Blocked"),
    "SCHEDULED": Both("مجدول", "Scheduled"),
    "PUBLISHED": Both("منشور", "Published"),
    "CORRECTED": Both("مصحَّح", "Corrected"),
    "SUPERSEDED": Both("حلّ محله غيره", "Superseded"),
    "EXPIRED": Both("انتهت صلاحيته", "Expired"),
    "RETRACTED": Both("مسحوب", "Retracted"),
    "FAILED": Both("تعذّر إيصاله", "Failed"),
    "REJECTED": Both("مرفوض", "Rejected"),
    "WITHDRAWN": Both("متراجَع عنه", "Withdrawn"),
    "OPEN": Both("مفتوحة", "Open"),
    "VERIFIED": Both("متحقَّق منها", "Verified"),
    "ANSWERED": Both("مردود عليها", "Answered"),
}
KEYS: Mapping[str, Both] = {
    "FACT": Both("المعلومات", "Facts"),
    "COORD": Both("التنسيق", "Coordination"),
    "RELEASE": Both("النشر", "Release"),
    "ORIGINATOR": Both("المُصدر", "Originator"),
    "INTERNAL": Both("الداخلي", "Internal"),
}
REASONS: Mapping[str, Both] = {
    "UNKNOWN_COMMAND": Both("لا أمر بهذا الاسم", "there is no such command"),
    "BAD_VALUE": Both("حقل ناقص أو غير سليم", "a field is missing or malformed"),
    "UNKNOWN_INCIDENT": Both("لا حادث بهذا الاسم", "there is no such incident"),
    "UNKNOWN_STATEMENT": Both("لا بيان بهذا الاسم", "there is no such statement"),
    "DUPLICATE_ID": Both("المعرّف مستخدم", "the id is taken"),
    "INCIDENT_CLOSED": Both("انتهى الحادث", "the incident has ended"),
    "EXERCISE_SUSPENDED": Both("التمرين معلّق بسبب حادث حقيقي", "the exercise is suspended by a real incident"),
    "EXERCISE_MISMATCH": Both("لا يختلط التمرين بالحقيقي", "exercise and real do not mix"),
    "NOT_ALLOWED": Both("ليس من صلاحية الطالب", "the actor may not do this"),
    "ONLY_GCO_OR_NCEMA": Both("لمكتب الاتصال أو الهيئة الوطنية فقط", "only GCO or NCEMA may"),
    "NOT_ASSIGNED": Both("ليس المتحدث المكلَّف", "not the assigned spokesperson"),
    "WRONG_STATE": Both("الحالة لا تسمح بذلك", "the state does not allow it"),
    "ALREADY_DONE": Both("تم من قبل", "already done"),
    "ALREADY_PUBLIC": Both("صدر بيان عام؛ أنهِ الحالة بدلاً من ذلك", "something public is out: stand down instead"),
    "RUMOUR_UNANSWERED": Both("شائعة عالية بلا رد", "a high rumour has no answer yet"),
    "TOO_EARLY": Both("لم تمضِ ساعة على آخر انتشار", "less than an hour since it grew"),
    "NOT_LEAD": Both("ليست الجهة القائدة لهذا الحادث", "not the lead of this incident"),
    "WRONG_ENTITY": Both("المفتاح لجهة أخرى", "the key belongs to another entity"),
    "AUTHOR_CANNOT_APPROVE": Both("كاتب النص لا يعتمده", "the author cannot approve"),
    "SAME_PERSON_TWO_KEYS": Both("مفتاحان لشخص واحد", "one person, two keys"),
    "KEY_ALREADY_GIVEN": Both("أُعطي المفتاح من قبل", "the key was given before"),
    "KEY_NOT_NEEDED": Both("هذا المفتاح غير مطلوب", "this key is not needed"),
    "NOT_IN_REVIEW": Both("البيان ليس قيد الاعتماد", "the statement is not in review"),
    "FACT_NOT_ON_SHEET": Both("القيمة ليست في ورقة المعلومات", "a value is not on the fact sheet"),
    "FACT_MISMATCH": Both("القيمة تخالف ورقة المعلومات", "a value differs from the fact sheet"),
    "NEXT_OF_KIN_NOT_CONFIRMED": Both("لم يُؤكَّد إبلاغ ذوي الضحايا", "next of kin are not confirmed informed"),
    "CONTENT_INCOMPLETE": Both("أجزاء ناقصة من النص", "parts of the text are missing"),
    "DRILL_LEAK": Both("نص تمرين على قناة حقيقية", "an exercise text on a real channel"),
}
DUE: Mapping[str, Both] = {
    "waiting": Both("البيان الأول", "first statement"),
    "met": Both("صدر في موعده", "out in time"),
    "late": Both("صدر متأخراً", "out, but late"),
    "breached": Both("فات موعد البيان الأول", "first statement overdue"),
}
