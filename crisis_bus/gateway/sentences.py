"""One whole sentence in each language for every fact; a value stands where its field is named.

The facts that say no have a sentence for each reason, in the message catalogue, by `crisis_bus/text/refusals.py`.
"""

from collections.abc import Mapping
from typing import Literal

from crisis_bus.gateway.languages import Both

Tone = Literal["act", "out", "stop", "timer"]

SENTENCES: Mapping[str, Both] = {
    "incident.opened": Both(
        "فُتح الحادث {incident} من الشائعة {rumour}", "Incident {incident} opened from rumour {rumour}"
    ),
    "incident.graded": Both(
        "صُنِّف الحادث {incident}: درجة {grade}، مستوى {level}، القيادة {lead}؛ البيان الأول قبل {first_statement_due}",
        "{incident} graded {grade}, level {level}, led by {lead}; first statement by {first_statement_due}",
    ),
    "incident.updated": Both("تغيّرت معلومات الحادث {incident}: {changed}", "{incident} updated: {changed}"),
    "incident.regraded": Both(
        "أُعيد تصنيف {incident} من الدرجة {was} إلى {grade}", "{incident} regraded from {was} to {grade}"
    ),
    "incident.state": Both("الحادث {incident}: {state}", "{incident} is now: {state}"),
    "level.raised": Both("رُفع مستوى {incident} من {was} إلى {level}", "{incident} raised from level {was} to {level}"),
    "level.lowered": Both(
        "خُفض مستوى {incident} من {was} إلى {level}", "{incident} lowered from level {was} to {level}"
    ),
    "lead.changed": Both(
        "انتقلت قيادة {incident} من {was} إلى {lead}", "Lead of {incident} passed from {was} to {lead}"
    ),
    "notify": Both("أُبلغت الجهات عن {incident}: {to}", "Notified about {incident}: {to}"),
    "deadline.tightened": Both(
        "قُدِّم موعد البيان الأول عن {incident} إلى {due}", "First statement on {incident} now due by {due}"
    ),
    "deadline.met": Both("صدر البيان الأول عن {incident} في موعده", "First statement on {incident} was in time"),
    "deadline.late": Both("صدر البيان الأول عن {incident} متأخراً", "First statement on {incident} was late"),
    "deadline.breached": Both(
        "فات موعد البيان الأول عن {incident} ({due})", "First statement on {incident} missed its time ({due})"
    ),
    "spokesperson.assigned": Both(
        "كُلِّف {spokesperson} بالحديث عن {incident}", "{spokesperson} will speak on {incident}"
    ),
    "spokesperson.unavailable": Both("لا متحدث متاح عن {incident}", "Nobody is available to speak on {incident}"),
    "spokesperson.ready": Both(
        "أكّد {spokesperson} جاهزيته للحديث عن {incident}", "{spokesperson} is ready to speak on {incident}"
    ),
    "factsheet.updated": Both("حُدِّثت بطاقة حقائق {incident}: {facts}", "Fact sheet of {incident} updated: {facts}"),
    "statement.drafted": Both("حُفظت مسودة {statement} ({kind})", "Draft {statement} kept ({kind})"),
    "approval.requested": Both("طُلبت مفاتيح {statement}: {keys}", "Keys wanted for {statement}: {keys}"),
    "key.given": Both("أعطى {by} مفتاح {key} للبيان {statement}", "{by} gave the {key} key of {statement}"),
    "keys.waived": Both("أُسقطت مفاتيح {statement}: {keys}", "Keys of {statement} waived: {keys}"),
    "statement.scheduled": Both("جُدول البيان {statement} إلى {due}", "{statement} scheduled for {due}"),
    "statement.published": Both(
        "نُشر البيان {statement} ({kind}) على {channels}", "{statement} published ({kind}) on {channels}"
    ),
    "statement.returned": Both("أُعيد البيان {statement} إلى كاتبه", "{statement} returned to its drafter"),
    "statement.rejected": Both("رُفض البيان {statement}", "{statement} rejected"),
    "statement.withdrawn": Both("تراجع {by} عن البيان {statement}", "{by} withdrew {statement}"),
    "statement.state": Both("البيان {statement}: {state}", "{statement} is now: {state}"),
    "amplify.requested": Both("طُلبت إعادة نشر {statement} من {to}", "Asked to repeat {statement}: {to}"),
    "post_review.due": Both("مراجعة {statement} مطلوبة قبل {due}", "Review of {statement} due by {due}"),
    "post_review.done": Both("راجع {by} البيان {statement}", "{by} reviewed {statement}"),
    "media.strike": Both("خرق {outlet} حظر نشر {statement}", "{outlet} broke the embargo of {statement}"),
    "publication.observed": Both("رُصد ما نشره {source} عن {incident}", "Seen: what {source} published on {incident}"),
    "contradiction.detected": Both(
        "تعارض رسمي عن {incident} مع {source}", "Official contradiction on {incident} with {source}"
    ),
    "contradiction.closed": Both(
        "حُسم التعارض {contradiction}: {outcome}", "Contradiction {contradiction} settled: {outcome}"
    ),
    "correction.requested": Both("طُلب التصحيح من {outlet}", "{outlet} is asked to correct"),
    "rumour.triaged": Both(
        "قُيِّمت الشائعة {rumour}: {priority}، لدى {owner}، الرد قبل {response_due}",
        "Rumour {rumour} is {priority}, with {owner}, answer by {response_due}",
    ),
    "rumour.verdict": Both("الحكم على الشائعة {rumour}: {verdict}", "Verdict on rumour {rumour}: {verdict}"),
    "rumour.answered": Both("رُدَّ على الشائعة {rumour}", "Rumour {rumour} answered"),
    "rumour.state": Both("الشائعة {rumour}: {state}", "Rumour {rumour} is now: {state}"),
    "channel.suspended": Both("عُلِّق حساب {entity} على {channel}", "Account of {entity} on {channel} suspended"),
    "channel.restored": Both("أُعيد حساب {entity} على {channel}", "Account of {entity} on {channel} restored"),
    "verification.flagged": Both(
        "لا يُعتد بحساب {entity} على {channel} منذ {since}", "Nothing of {entity} on {channel} is official since {since}"
    ),
    "verification.answered": Both("جواب التحقق عن {ref}: {verdict}", "Verification of {ref}: {verdict}"),
    "exercise.suspended": Both(
        "عُلِّق التمرين {incident} بسبب الحادث الحقيقي {because}", "Exercise {incident} suspended by {because}"
    ),
    "stand_down.signed": Both("وقّع {by} على إنهاء حالة {incident}", "{by} signed the stand-down of {incident}"),
    "initiative.planned": Both("خُطط للمبادرة {initiative} ({owner})", "Initiative {initiative} planned ({owner})"),
    "initiative.held": Both("عُلِّقت المبادرة {initiative} بسبب {incident}", "Initiative {initiative} held by {incident}"),
    "initiative.released": Both("يمكن المضي في المبادرة {initiative}", "Initiative {initiative} may go on"),
    "escalation": Both("تصعيد {rule} إلى {to}", "Escalation {rule} to {to}"),
    "policy.proposed": Both(
        "اقترح {by} الإصدار {version} من السياسة؛ يعتمده شخص آخر", "{by} proposed version {version} of the policy"
    ),
    "policy.adopted": Both("اعتمد {by} الإصدار {version} من السياسة", "{by} adopted version {version} of the policy"),
    "rehearsal.opened": Both("بدأ التمرين", "The rehearsal has begun"),
}
UNKNOWN = Both("{type}", "{type}")

TONES: Mapping[str, Tone] = {
    "command.refused": "stop",
    "key.refused": "stop",
    "statement.blocked": "stop",
    "stand_down.refused": "stop",
    "contradiction.detected": "stop",
    "deadline.breached": "stop",
    "deadline.late": "stop",
    "spokesperson.unavailable": "stop",
    "channel.suspended": "stop",
    "verification.flagged": "stop",
    "media.strike": "stop",
    "statement.published": "out",
    "deadline.met": "out",
    "rumour.answered": "out",
    "spokesperson.ready": "out",
    "escalation": "timer",
    "post_review.due": "timer",
    "deadline.tightened": "timer",
    "level.raised": "timer",
}
