"""The sentences of refusals: what is wrong, and after the semicolon or colon what to do next."""

from collections.abc import Mapping

from crisis_bus.domain.commands import REHEARSAL_OPEN, StatementReview
from crisis_bus.domain.reasons import BlockReason, KeyReason, Reason
from crisis_bus.text.languages import Both

COMMANDS: Mapping[str, Both] = {
    Reason.UNKNOWN_COMMAND: Both(
        "لا يوجد أمر باسم {command}؛ اكتب أحد أوامر الدليل كما هو، مثل incident.report",
        "There is no command {command}; write one of the rule book's as it stands there, such as incident.report",
    ),
    Reason.BAD_VALUE: Both(
        "الحقل {field} في الأمر {command} ناقص أو غير مقبول؛ صحّحه ثم أعد إرسال الأمر",
        "The field {field} of {command} is missing or not acceptable; correct it and send the command again",
    ),
    Reason.UNKNOWN_INCIDENT: Both(
        "يذكر الأمر {command} حادثاً غير مسجَّل هنا؛ تحقّق من معرّفه في قائمة الحوادث، أو سجّل الحادث أولاً",
        "{command} names an incident that is not on record here; "
        "check its id in the list of incidents, or report the incident first",
    ),
    Reason.UNKNOWN_STATEMENT: Both(
        "يذكر الأمر {command} بياناً غير محفوظ هنا؛ تحقّق من معرّفه، أو قدّم النص أولاً",
        "{command} names a statement that is not on record here; check its id, or submit the text first",
    ),
    Reason.UNKNOWN_RUMOUR: Both(
        "يذكر الأمر {command} شائعة غير مسجَّلة هنا؛ تحقّق من معرّفها، أو سجّل الشائعة أولاً",
        "{command} names a rumour that is not on record here; check its id, or log the rumour first",
    ),
    Reason.UNKNOWN_CONTRADICTION: Both(
        "يذكر الأمر {command} تعارضاً لم يُرصد؛ خذ المعرّف من القيد الذي أعلن رصد التعارض",
        "{command} names a contradiction that nobody has detected; take the id from the entry that told of it",
    ),
    Reason.UNKNOWN_INITIATIVE: Both(
        "يذكر الأمر {command} مبادرة غير مخططة هنا؛ تحقّق من معرّفها، أو خطّط للمبادرة أولاً",
        "{command} names an initiative that is not planned here; check its id, or plan the initiative first",
    ),
    Reason.UNKNOWN_TYPE: Both(
        "نوع الحادث في الأمر {command} ليس في حزمة السياسات؛ اختر رمزاً من أنواع الحوادث فيها، مثل MET-FLOOD",
        "The incident type in {command} is not in the policy pack; choose one of its codes, such as MET-FLOOD",
    ),
    Reason.UNKNOWN_ENTITY: Both(
        "يذكر الأمر {command} جهة ليست في حزمة السياسات؛ اكتب رمز الجهة كما ورد فيها، مثل MOI",
        "{command} names an entity that is not in the policy pack; write its code as it stands there, such as MOI",
    ),
    Reason.UNKNOWN_EMIRATE: Both(
        "يذكر الأمر {command} إمارة ليست في حزمة السياسات؛ اكتب رمزها، مثل AE-FU، أو AE للدولة كلها",
        "{command} names an emirate that is not in the policy pack; "
        "write its code, such as AE-FU, or AE for the whole country",
    ),
    Reason.UNKNOWN_CHANNEL: Both(
        "يذكر الأمر {command} قناة ليست في حزمة السياسات؛ اكتب رمز القناة كما ورد فيها، مثل WEB",
        "{command} names a channel that is not in the policy pack; write its code as it stands there, such as WEB",
    ),
    Reason.UNKNOWN_TOPIC: Both(
        "يذكر الأمر {command} موضوعاً ليس في حزمة السياسات؛ اكتب رمز موضوع له جهة مسؤولة فيها، مثل MET",
        "{command} names a topic that is not in the policy pack; write the code of one that has an owner, such as MET",
    ),
    Reason.DUPLICATE_ID: Both(
        "المعرّف {ref} مستخدم من قبل؛ اختر معرّفاً آخر ثم أعد إرسال الأمر",
        "The id {ref} is taken; choose another one and send the command again",
    ),
    Reason.INCIDENT_CLOSED: Both(
        "انتهى هذا الحادث ولم يعد الأمر {command} ينطبق عليه؛ إن تجدّد الخطر فسجّل حادثاً جديداً",
        "This incident has ended, so {command} no longer applies to it; if the danger is back, report a new incident",
    ),
    Reason.EXERCISE_SUSPENDED: Both(
        "علّق حادث حقيقي هذا التمرين؛ لا ترسل شيئاً باسمه، وأنهِ حالته أو أعده بعد انتهاء الأزمة",
        "A real incident has suspended this exercise; send nothing more in its name, "
        "stand it down, or hold it again after the crisis",
    ),
    Reason.EXERCISE_MISMATCH: Both(
        "يخلط الأمر {command} بين تمرين وحادث حقيقي؛ اذكر ما هو من النوع نفسه فقط",
        "{command} mixes an exercise with a real incident; name only what is of the same kind",
    ),
    Reason.NOT_ALLOWED: Both(
        "ليس لـ {by} أن يصدر الأمر {command} هنا؛ اطلبه من الجهة المسؤولة: القائدة أو المالكة أو مكتب الاتصال",
        "{by} may not give {command} here; ask the entity that may: the lead, the owner or the communication office",
    ),
    Reason.ONLY_GCO_OR_NCEMA: Both(
        "لا يصدر الأمر {command} إلا من GCO أو NCEMA، و{by} ليس من أيهما؛ اتصل بالمناوب في إحدى الجهتين",
        "Only GCO or NCEMA may give {command}, and {by} is of neither; call the duty officer of one of them",
    ),
    Reason.NOT_ASSIGNED: Both(
        "{by} ليس المتحدث المكلَّف بالحادث {ref}؛ انظر من المكلَّف، واطلب منه أن يجيب بنفسه",
        "{by} is not the spokesperson assigned to {ref}; look up who is, and let that person answer",
    ),
    Reason.WRONG_STATE: Both(
        "حالة {ref} لا تسمح الآن بالأمر {command}؛ انظر أين وصل الأمر، ثم اختر الخطوة المناسبة",
        "{ref} is in a state that does not allow {command}; look where it stands now, then take the step that fits",
    ),
    Reason.ALREADY_DONE: Both(
        "نُفِّذ الأمر {command} على {ref} من قبل ولم يتغيّر شيء؛ لا حاجة إلى إعادته",
        "{command} was done for {ref} before and nothing has changed; there is no need to repeat it",
    ),
    Reason.ALREADY_PUBLIC: Both(
        "صدر عن الحادث {ref} بيان عام فلا يُغلق كأن لم يكن؛ انشر تصحيحاً أو زوال الخطر، ثم أنهِ حالته",
        "Something about {ref} is public, so it cannot be closed as if nothing had been; "
        "publish a correction or an all-clear, then stand it down",
    ),
    Reason.RUMOUR_UNANSWERED: Both(
        "الشائعة {ref} ذات أولوية عالية ولم يُنشر رد عليها؛ انشر الرد أولاً ثم أغلقها",
        "{ref} is a rumour of high priority without a published answer; publish the answer first, then close it",
    ),
    Reason.TOO_EARLY: Both(
        "اتسع انتشار الشائعة {ref} قبل قليل؛ انتظر حتى تهدأ ساعة كاملة، ما لم تحدد حزمة السياسات غير ذلك، ثم أغلقها",
        "{ref} has grown too recently; close it when it has been quiet for an hour, or as long as the policy pack says",
    ),
}
"""Why a command changed nothing."""

PARTICULAR: Mapping[tuple[str, str], Both] = {
    (REHEARSAL_OPEN, Reason.WRONG_STATE): Both(
        "في هذه المساحة قيود من قبل، ولا تصير تمريناً إلا قبل أول أمر فيها؛ اختر اسماً جديداً للتمرين",
        "This space is in use, and it can become a rehearsal only before its first command; choose a new name",
    ),
    (StatementReview.TYPE, Reason.NOT_ALLOWED): Both(
        "ليس لـ {by} أن يراجع {ref} بعد نشره؛ اطلب المراجعة من مسؤول في الجهة المعنية لم يكتب النص ولم يعتمده",
        "{by} may not review {ref} after its release; "
        "ask somebody with the authority who neither wrote it nor gave a key",
    ),
}
"""Sentences for one command where the general one would not help; the code stays the same."""

KEYS: Mapping[str, Both] = {
    KeyReason.NOT_IN_REVIEW: Both(
        "البيان {statement} ليس قيد الاعتماد فلا يُحتسب له مفتاح؛ انظر حالته، وقدّمه من جديد إن كان موقوفاً أو مُعاداً",
        "{statement} is not in review, so no key counts for it; "
        "look at its state, and submit it anew if it was blocked or returned",
    ),
    KeyReason.KEY_NOT_NEEDED: Both(
        "لا يحتاج البيان {statement} إلى مفتاح {key}؛ انظر أي المفاتيح ما زالت ناقصة",
        "{statement} does not need the key {key}; look which keys are still missing",
    ),
    KeyReason.AUTHOR_CANNOT_APPROVE: Both(
        "كتب {by} البيان {statement} ولا يعتمد أحد نصه بنفسه؛ اطلب مفتاح {key} من زميل مخوَّل",
        "{by} wrote {statement}, and nobody approves a text of their own; ask a colleague for the key {key}",
    ),
    KeyReason.SAME_PERSON_TWO_KEYS: Both(
        "أعطى {by} مفتاحاً للبيان {statement} من قبل، ولكل شخص مفتاح واحد؛ اطلب مفتاح {key} من شخص آخر",
        "{by} has given a key of {statement} before, and one person gives one key; ask somebody else for {key}",
    ),
    KeyReason.KEY_ALREADY_GIVEN: Both(
        "أُعطي مفتاح {key} للبيان {statement} من قبل؛ انظر أي المفاتيح ما زالت ناقصة",
        "The key {key} of {statement} was given before; look which keys are still missing",
    ),
    KeyReason.WRONG_ENTITY: Both(
        "مفتاح {key} للبيان {statement} من حق {needs} لا من حق {by}؛ اطلبه من مخوَّل في تلك الجهة",
        "The key {key} of {statement} is for {needs} to give, not for {by}; ask an approver of that entity",
    ),
}
"""Why a key does not count."""

BLOCKED: Mapping[str, Both] = {
    BlockReason.EXERCISE_SUSPENDED: Both(
        "أُوقف {statement}: علّق حادث حقيقي هذا التمرين؛ لا ترسل شيئاً باسمه حتى تنتهي الأزمة",
        "{statement} is blocked: a real incident has suspended this exercise; "
        "send nothing in its name until the crisis is over",
    ),
    BlockReason.DRILL_LEAK: Both(
        "أُوقف {statement}: نص تمرين يطلب قنوات حقيقية ({channels})؛ احذفها وأعد تقديمه، فقنوات التمارين تُختار له",
        "{statement} is blocked: a text of an exercise asks for real channels ({channels}); "
        "take them out and submit again, it goes to the exercise channels by itself",
    ),
    BlockReason.DRILL_MARKER_MISSING: Both(
        "أُوقف {statement}: نص تمرين بلا علامة التمرين؛ ضع العلامة في النص وأعد تقديمه معلَّماً",
        "{statement} is blocked: a text of an exercise does not say that it is one; "
        "put the exercise marker on it and submit again",
    ),
    BlockReason.REAL_ON_EXERCISE_CHANNEL: Both(
        "أُوقف {statement}: نص حقيقي يطلب قنوات تمارين ({channels})؛ احذفها وأعد تقديمه",
        "{statement} is blocked: a real text asks for exercise channels ({channels}); take them out and submit again",
    ),
    BlockReason.INTERNAL_ONLY: Both(
        "أُوقف {statement}: هذا النوع داخلي ولا حظر عليه؛ احذف قنوات الجمهور والإعلام ووقت الحظر، أو اختر نوعاً عاماً",
        "{statement} is blocked: its kind stays inside and has no embargo; "
        "take out public and media channels and the embargo, or choose a public kind",
    ),
    BlockReason.MISSING_REFERENCE: Both(
        "أُوقف {statement}: لا يذكر ما يصحّحه أو يسحبه أو يرد عليه؛ أضف معرّف ذلك البيان أو تلك الشائعة وأعد تقديمه",
        "{statement} is blocked: it does not name what it corrects, withdraws, ends or answers; "
        "add the id of that statement or rumour and submit again",
    ),
    BlockReason.MIXED_OWNERS: Both(
        "أُوقف {statement}: يرد على شائعات تملكها جهات مختلفة ({owners})؛ اكتب رداً لكل جهة",
        "{statement} is blocked: it answers rumours of different owners ({owners}); write one answer for each owner",
    ),
    BlockReason.EXERCISE_MISMATCH: Both(
        "أُوقف {statement}: يشير إلى {refs} عبر الحد بين التمرين والحقيقي؛ أشر إلى ما هو من النوع نفسه فقط",
        "{statement} is blocked: it refers to {refs} across the line between exercise and real; "
        "refer only to what is of the same kind",
    ),
    BlockReason.REFERENCE_NOT_PUBLISHED: Both(
        "أُوقف {statement}: يشير إلى {refs} وهو غير منشور أو مسحوب؛ أشر إلى بيان منشور، أو انتظر نشره",
        "{statement} is blocked: it refers to {refs}, which is not out or was retracted; "
        "refer to a published text, or wait until it is out",
    ),
    BlockReason.EMBARGO_ON_LIFE_SAFETY: Both(
        "أُوقف {statement}: ما يمسّ سلامة الأرواح لا ينتظر حظراً؛ احذف وقت الحظر وأعد تقديمه",
        "{statement} is blocked: what saves lives does not wait for an embargo; remove the embargo and submit again",
    ),
    BlockReason.NOT_AN_ALERT_ORIGINATOR: Both(
        "أُوقف {statement}: الجهة المُصدِرة ({originator}) غير مخوَّلة بالتحذير؛ اذكر جهة مخوَّلة وأعد تقديمه",
        "{statement} is blocked: its originator ({originator}) is not authorised to warn; "
        "name an authorised originator and submit again",
    ),
    BlockReason.ORIGINATOR_OUT_OF_AREA: Both(
        "أُوقف {statement}: لا يشمل نطاق {originator} {emirates}؛ اذكر جهة يشمل نطاقها كل الإمارات المتأثرة",
        "{statement} is blocked: {originator} may not warn for {emirates}; "
        "name an originator whose area covers every emirate that is touched",
    ),
    BlockReason.NOT_LEAD: Both(
        "أُوقف {statement}: لا تتحدث {entity} عن هذا الحادث وتقوده {lead}؛ سلّم النص إلى {lead} أو اطلب نقل القيادة",
        "{statement} is blocked: {entity} does not speak on this incident, {lead} leads it; "
        "hand the text to {lead}, or ask for the lead to be transferred",
    ),
    BlockReason.FACT_MISMATCH: Both(
        "أُوقف {statement}: يخالف ورقة المعلومات في {facts}؛ صحّح النص، أو حدّث الورقة أولاً إن كانت قديمة",
        "{statement} is blocked: it differs from the fact sheet in {facts}; "
        "correct the text, or update the sheet first if that is out of date",
    ),
    BlockReason.FACT_NOT_ON_SHEET: Both(
        "أُوقف {statement}: فيه قيم ليست في ورقة المعلومات ({missing})؛ ثبّتها في الورقة أولاً أو احذفها من النص",
        "{statement} is blocked: it states values that the fact sheet does not have ({missing}); "
        "put them on the sheet first, or take them out of the text",
    ),
    BlockReason.NEXT_OF_KIN_NOT_CONFIRMED: Both(
        "أُوقف {statement}: يسمّي ضحايا ولم يُؤكَّد إبلاغ ذويهم؛ احذف الأسماء، أو ثبّت إبلاغهم في الحادث أولاً",
        "{statement} is blocked: it names victims whose next of kin are not confirmed as informed; "
        "leave the names out, or record first that they were informed",
    ),
    BlockReason.CONTENT_INCOMPLETE: Both(
        "أُوقف {statement}: ينقصه {missing}؛ أكمل الناقص، أو اترك النص كله ليملأه القالب",
        "{statement} is blocked: {missing} is missing; write what is missing, "
        "or leave the whole text out and the template fills it",
    ),
}
"""Why a text must not go out as it is."""

STAND_DOWN: Mapping[str, Both] = {
    "AUTHORITY": Both(
        "ليس لـ {by} أن يوقّع إنهاء حالة {incident}؛ اطلب التوقيع من {reasons}",
        "{by} may not sign the stand-down of {incident}; ask for the signature of {reasons}",
    ),
    "OPEN_HIGH_RUMOUR": Both(
        "لا تنتهي حالة {incident} وفيها شائعات عالية بلا رد ({reasons})؛ انشر الرد عليها أولاً",
        "{incident} cannot stand down while rumours of high priority have no answer ({reasons}); publish one first",
    ),
    "OPEN_CONTRADICTION": Both(
        "لا تنتهي حالة {incident} وفيها تعارض بين جهات حكومية؛ احسم أي النصين يبقى أولاً",
        "{incident} cannot stand down while two government publications disagree; settle first which of them stands",
    ),
    "STATEMENT_IN_REVIEW": Both(
        "لا تنتهي حالة {incident} وفيها بيان قيد الاعتماد أو مجدول؛ انشره أو تراجع عنه أولاً",
        "{incident} cannot stand down while a statement is in review or scheduled; publish or withdraw it first",
    ),
    "NO_ALL_CLEAR_AFTER_WARNING": Both(
        "لا تنتهي حالة {incident} وفيها تحذير لم يُعلَن انتهاؤه؛ انشر زوال الخطر أو سحب التحذير مع ذكره أولاً",
        "{incident} cannot stand down while a warning stands; publish an all-clear or a retraction that names it first",
    ),
}
"""Why a crisis cannot end yet (INV-12); `reasons` is the detail of the one that the sentence is about."""
