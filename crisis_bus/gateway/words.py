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
DUE: Mapping[str, Both] = {
    "waiting": Both("البيان الأول", "First statement"),
    "met": Both("صدر في موعده", "Out in time"),
    "late": Both("صدر متأخراً", "Out, but late"),
    "breached": Both("فات موعد البيان الأول", "First statement overdue"),
}
