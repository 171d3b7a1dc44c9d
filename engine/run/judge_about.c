/**
 * @file judge_about.c
 * See judge_about.h.
 */
#include "engine/run/judge_about.h"

#include "engine/base/arena.h"
#include "engine/emit/trace.h"
#include "engine/event/keys.h"
#include "engine/state/operations.h"
#include "engine/state/trace.h"

/* The first mark that tells one weapon from another. */
static struct tw_slice marking_key(const struct tw_marked_item *item, struct tw_arena *arena)
{
	const struct tw_marking *marks = item->marks.data;
	struct tw_slice key = {"", 0};
	for (uint32_t i = 0; i < item->marks.count && key.ptr && key.len == 0; i++) {
		key = tw_key_marking(&marks[i], tw_slice_of(item->make), arena);
	}
	return key;
}

enum tw_code tw_judge_about(const struct tw_event *event, struct tw_arena *arena, struct tw_alert_case *alert, struct tw_error *err)
{
	const struct tw_certificate *certificate = &event->certificate;
	struct tw_slice key = {"", 0};
	switch (event->family) {
	case TW_FAMILY_CERTIFICATE:
		alert->about_kind = "certificate";
		key = tw_key_certificate(tw_slice_of(certificate->issuer.country), tw_slice_of(certificate->number), arena);
		break;
	case TW_FAMILY_MARKING:
		alert->about_kind = "marking";
		key = marking_key(&event->marking.item, arena);
		break;
	case TW_FAMILY_DECISION:
		alert->about_kind = alert->consignment.len ? NULL : "decision";
		key = tw_key_consignment(tw_slice_of(event->decision.entity), arena);
		break;
	case TW_FAMILY_MANIFEST:
	case TW_FAMILY_OUTCOME:
	case TW_FAMILY_FACT:
		return TW_OK;
	}
	alert->about_key = key.ptr && key.len == 0 ? tw_key_consignment(tw_slice_of(event->id), arena) : key;
	return alert->about_key.ptr ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an alert's key", NULL, NULL);
}

enum tw_code tw_judge_trace(struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	const struct tw_list *marks = &about->event->marking.item.marks;
	struct tw_trace_case answer = {.about = {.event = about->event, .engine_version = TW_VERSION}};
	if (about->event->type != TW_MARKING_TRACE_REQUESTED) {
		return TW_OK;
	}
	uint32_t count = marks->count < TW_TRACE_MARKS_MAX ? marks->count : TW_TRACE_MARKS_MAX;
	struct tw_trace *traces = tw_arena_alloc(arena, (count + (size_t)1) * sizeof(*traces));
	bool whole = traces != NULL;
	for (uint32_t i = 0; i < count && whole; i++) {
		whole = tw_trace_of_request(about->event, about->operations, about->priors, &((const struct tw_marking *)marks->data)[i], arena,
		                            &traces[i]);
	}
	if (!whole) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a trace", NULL, NULL);
	}
	answer.traces = traces;
	answer.count = count;
	answer.more = marks->count - count;
	enum tw_code code = tw_judge_about(about->event, arena, &answer.about, err);
	code = code == TW_OK ? tw_emit_trace(&answer, arena, &about->trace, err) : code;
	about->traced = code == TW_OK;
	return code;
}
