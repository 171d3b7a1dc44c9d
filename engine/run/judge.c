/**
 * @file judge.c
 * See judge.h. What an alert is raised for, and which consignment it names, is decided here:
 * a consignment's own event speaks of itself; an outcome of the consignment inspected; a certificate or a marking of the consignments that its
 * findings name, the first of them being the alert's and the others standing beside it; where they name none, of the certificate or marking
 * itself, for what counts against it must not be lost because nobody has used it yet.
 * Source: the event contract, "What comes out".
 */
#include "engine/run/judge.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/decode/decode.h"
#include "engine/emit/emit.h"
#include "engine/event/eta.h"
#include "engine/run/judge_about.h"
#include "engine/run/papers.h"
#include "engine/screen/screen.h"
#include "engine/screen/delta.h"
#include "engine/screen/snapshot.h"
#include "engine/screen/suppress.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/operations.h"
#include "engine/state/paper_links.h"

struct tw_judge {
	struct tw_decoder *decoder;
	struct tw_screener *screener;
	const struct tw_snapshot *snapshot;
	const struct tw_score_policy *policy;
	const struct tw_list_index *before;
	bool shadows;
	bool traces;
	uint64_t limited;    /* of the screeners before this one */
	uint64_t known_good; /* likewise */
};

enum tw_code tw_judge_new(const struct tw_judge_options *options, struct tw_judge **out, struct tw_error *err)
{
	struct tw_judge *judge = calloc(1, sizeof(*judge));
	if (!judge) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a judge", NULL, NULL);
	}
	judge->snapshot = options->snapshot;
	judge->policy = options->policy;
	judge->before = options->before;
	judge->shadows = options->shadows;
	judge->traces = options->traces;
	enum tw_code code = tw_policy_check(options->policy, err);
	code = code == TW_OK ? tw_decoder_new((struct tw_decode_limits){options->event_bytes}, &judge->decoder, err) : code;
	code = code == TW_OK && options->snapshot ? tw_screener_new(options->snapshot, &judge->screener, err) : code;
	if (code != TW_OK) {
		tw_judge_free(judge);
		return code;
	}
	*out = judge;
	return TW_OK;
}

void tw_judge_free(struct tw_judge *judge)
{
	if (!judge) {
		return;
	}
	if (judge->screener) {
		tw_screener_free(judge->screener);
	}
	if (judge->decoder) {
		tw_decoder_free(judge->decoder);
	}
	free(judge);
}

uint64_t tw_judge_limited(const struct tw_judge *judge)
{
	return judge->limited + (judge->screener ? tw_screener_limited(judge->screener) : 0);
}

enum tw_code tw_judge_change(struct tw_judge *judge, const struct tw_snapshot *snapshot, struct tw_error *err)
{
	struct tw_screener *screener = NULL;
	enum tw_code code = tw_screener_new(snapshot, &screener, err);
	if (code != TW_OK) {
		return code;
	}
	judge->limited = tw_judge_limited(judge);
	judge->known_good = tw_judge_known_good(judge);
	if (judge->screener) {
		tw_screener_free(judge->screener);
	}
	judge->screener = screener;
	judge->snapshot = snapshot;
	return TW_OK;
}

uint64_t tw_judge_known_good(const struct tw_judge *judge)
{
	return judge->known_good + (judge->screener ? tw_screener_known_good(judge->screener) : 0);
}

static struct tw_origin origin_of(const struct tw_message *message)
{
	return (struct tw_origin){message->topic, message->partition, message->offset};
}

/* The event ends here, its bytes do not. */
static enum tw_code bury(struct tw_arena *arena, struct tw_case *about, const char *reason, struct tw_slice detail, const char *stage, int64_t byte,
                         struct tw_error *err)
{
	struct tw_dead_letter_case letter = {.raw = about->message->value,
	                                     .key = about->message->key,
	                                     .origin = origin_of(about->message),
	                                     .reason = reason,
	                                     .detail = detail,
	                                     .stage = stage,
	                                     .byte = byte,
	                                     .engine_version = TW_VERSION};
	about->event = NULL;
	about->operations = NULL;
	about->dead_reason = reason;
	about->output_count = 1;
	return tw_emit_dead_letter(&letter, arena, &about->outputs[0], err);
}

/* A later stage refused the record: its error becomes the dead letter's words. */
static enum tw_code bury_refused(struct tw_arena *arena, struct tw_case *about, const char *stage, struct tw_error *err)
{
	char words[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	struct tw_slice detail = tw_arena_copy(arena, tw_slice_str(tw_error_text(err, words, sizeof(words))));
	return bury(arena, about, tw_code_name(err->code), detail, stage, -1, err);
}

static enum tw_code event_decode(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	const struct tw_message *message = about->message;
	struct tw_envelope envelope = {message->ce_id, message->ce_type, message->ce_time, message->ce_source};
	bool headers = message->ce_id.len || message->ce_type.len || message->ce_time.len || message->ce_source.len;
	struct tw_reject reject = {.reason = TW_REJECT_LINE};
	if (message->refused) {
		return bury(arena, about, tw_reject_name(TW_REJECT_LINE), tw_slice_str(message->refused), "read", -1, err);
	}
	struct tw_event *event = tw_arena_alloc_raw(arena, sizeof(*event)); /* the decoder writes all of it or refuses it */
	if (!event) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an event", NULL, NULL);
	}
	event->raw = message->value;
	event->key = message->key;
	event->origin = origin_of(message);
	enum tw_code code = tw_decode(judge->decoder, message->family, message->value, headers ? &envelope : NULL, arena, event, &reject, err);
	if (code == TW_E_SYNTAX) {
		return bury(arena, about, tw_reject_name(reject.reason), reject.detail, "decode", reject.byte, err);
	}
	tw_due_turn(event);
	about->event = event;
	return code;
}

/* @param fold without list matches: they change no operation */
static enum tw_code event_read(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, bool fold, struct tw_error *err)
{
	const char *stage = "screen";
	enum tw_code code = about->event || about->dead_reason ? TW_OK : event_decode(judge, arena, about, err);
	if (code != TW_OK || about->dead_reason) {
		return code;
	}
	code = fold ? TW_OK : tw_screen_lists(judge->screener, about->event, arena, &about->matches, err);
	if (code == TW_OK) {
		stage = "state";
		code = tw_operations_of(about->event, arena, &about->operations, err);
	}
	return code != TW_OK && code != TW_E_MEMORY && err->disposition == TW_REJECT ? bury_refused(arena, about, stage, err) : code;
}

enum tw_code tw_judge_decode(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	return event_decode(judge, arena, about, err);
}

enum tw_code tw_judge_read(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	return event_read(judge, arena, about, false, err);
}

enum tw_code tw_judge_fold(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	return event_read(judge, arena, about, true, err);
}

struct history {
	struct tw_case *about;
	struct tw_arena *arena;
};

static struct tw_history_answer history_answer(void *context, const struct tw_history_query *query)
{
	const struct history *history = context;
	return tw_history_answer_of(history->about->event, history->about->operations, history->about->priors, query, history->arena);
}

static bool history_may_say(void *context, enum tw_entity_kind kind, enum tw_metric metric)
{
	const struct history *history = context;
	return tw_history_may_say(history->about->operations, history->about->priors, kind, metric, history->arena);
}

static uint64_t tie_of(const struct tw_origin *origin)
{
	int64_t place[2] = {origin->partition, origin->offset};
	return tw_hash64(place, sizeof(place), tw_hash64(origin->topic.ptr, origin->topic.len, 0));
}

struct tw_slice tw_judge_named(const struct tw_event *event)
{
	switch (event->family) {
	case TW_FAMILY_MANIFEST:
		return tw_slice_of(event->consignment.id);
	case TW_FAMILY_CERTIFICATE:
		return tw_slice_of(event->certificate.consignment);
	case TW_FAMILY_OUTCOME:
		return tw_slice_of(event->outcome.consignment);
	case TW_FAMILY_DECISION:
		return tw_slice_of(event->decision.consignment);
	case TW_FAMILY_FACT:
		return tw_slice_of(event->fact.consignment);
	case TW_FAMILY_MARKING:
		break;
	}
	return (struct tw_slice){NULL, 0};
}

/* The random share is of consignments: an amendment is drawn as its declaration was, for the draw is keyed by the id alone. */
static bool is_drawn(const struct tw_event *event)
{
	return event->type == TW_CONSIGNMENT_DECLARED || event->type == TW_CONSIGNMENT_AMENDED;
}

static bool among(const struct tw_slice *slices, uint32_t count, struct tw_slice wanted)
{
	for (uint32_t i = 0; i < count; i++) {
		if (tw_slice_equal(slices[i], wanted)) {
			return true;
		}
	}
	return false;
}

/* Consignments that the findings name, each once, in the findings' order; the first becomes the alert's where the event names none. */
static enum tw_code related_collect(const struct tw_findings *findings, struct tw_arena *arena, struct tw_slice *consignment, struct tw_slice **out,
                                    uint32_t *count, struct tw_error *err)
{
	uint32_t most = 0;
	*count = 0;
	for (uint32_t i = 0; i < findings->count; i++) {
		most += findings->finding[i].related_count;
	}
	struct tw_slice *related = most ? tw_arena_alloc(arena, most * sizeof(*related)) : NULL;
	*out = related;
	if (most == 0) {
		return TW_OK;
	}
	if (!related) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for related consignments", NULL, NULL);
	}
	for (uint32_t i = 0; i < findings->count; i++) {
		for (uint32_t j = 0; j < findings->finding[i].related_count; j++) {
			struct tw_slice one = findings->finding[i].related[j];
			if (consignment->len == 0) {
				*consignment = one;
			} else if (!tw_slice_equal(*consignment, one) && !among(related, *count, one)) {
				related[(*count)++] = one;
			}
		}
	}
	return TW_OK;
}

static enum tw_code outputs_emit(const struct tw_alert_case *alert, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	enum tw_code code = tw_emit_alert(alert, arena, &about->outputs[0], err);
	about->output_count = code == TW_OK ? 1 : 0;
	if (code == TW_OK && about->assessment.hold) {
		code = tw_emit_hold(alert, arena, &about->outputs[1], err);
		about->output_count += code == TW_OK ? 1 : 0;
	}
	return code;
}

/* What the findings speak of. @param out without entities */
static enum tw_code alert_begin(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, const struct tw_findings *findings,
                                struct tw_alert_case *out, struct tw_error *err)
{
	*out = (struct tw_alert_case){.event = about->event,
	                              .assessment = &about->assessment,
	                              .findings = findings,
	                              .matches = &about->matches,
	                              .snapshot = tw_snapshot_info(judge->snapshot),
	                              .consignment = tw_judge_named(about->event),
	                              .engine_version = TW_VERSION};
	struct tw_slice *related = NULL;
	enum tw_code code = related_collect(findings, arena, &out->consignment, &related, &out->related_count, err);
	out->related = related;
	return code == TW_OK ? tw_judge_about(about->event, arena, out, err) : code;
}

static enum tw_code alert_raise(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, const struct tw_findings *findings,
                                struct tw_slice *id, struct tw_error *err)
{
	struct tw_alert_case alert;
	struct tw_entity_view *entities = NULL;
	struct tw_papers *papers = NULL;
	enum tw_code code = alert_begin(judge, arena, about, findings, &alert, err);
	if (code == TW_OK) {
		code = tw_entities_of(about->event, about->operations, about->priors, arena, &entities, &alert.entity_count, err);
	}
	code = code == TW_OK ? tw_papers_of_priors(about->event, about->operations, about->priors, arena, &papers, err) : code;
	alert.papers = papers;
	if (alert.consignment.len == 0) {
		about->assessment.hold = false; /* goods are held; there are none yet */
	}
	alert.entities = entities;
	alert.suppressed = &about->suppressed;
	alert.limited = &about->limited;
	*id = tw_emit_alert_id(&alert, arena);
	return code == TW_OK ? outputs_emit(&alert, arena, about, err) : code;
}

/* What suppressed findings would have counted. A hold among them is seen, whatever the rest of the event comes to. */
static enum tw_code suppressed_weigh(struct tw_judge *judge, const struct tw_score_case *scored, struct tw_arena *arena, struct tw_case *about,
                                     const struct tw_findings *findings, struct tw_error *err)
{
	struct tw_assessment with;
	struct tw_finding *room = tw_arena_alloc_raw(arena, ((size_t)findings->count + 1) * sizeof(*room));
	if (!room) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for what is suppressed", NULL, NULL);
	}
	for (uint32_t i = 0; i < about->suppressed.count; i++) {
		struct tw_suppressed *one = &about->suppressed.at[i];
		tw_score_with(judge->policy, scored, findings, &one->finding, room, &with, &one->counted);
		if (one->finding.rule->action == TW_ACTION_HOLD && about->assessment.selection == TW_SELECTION_NONE) {
			about->assessment.selection = TW_SELECTION_SUPPRESSED;
			about->assessment.inclusion_ppm = 1000000;
		}
	}
	return TW_OK;
}

/* @param findings without those that a decision has taken out, when it returns */
static enum tw_code score(struct tw_judge *judge, const struct tw_score_case *scored, struct tw_arena *arena, struct tw_case *about,
                          struct tw_findings *findings, struct tw_error *err)
{
	const struct tw_suppressions *suppressions = tw_snapshot_suppressions(judge->snapshot);
	enum tw_code code = tw_suppress(suppressions, about->event, arena, findings, &about->suppressed, err);
	if (code != TW_OK) {
		return code;
	}
	tw_score(judge->policy, scored, findings, &about->assessment);
	return about->suppressed.count ? suppressed_weigh(judge, scored, arena, about, findings, err) : TW_OK;
}

/* The event judged, and what rules in the shadow are held against. */
struct judged {
	const struct tw_score_case *scored;
	const struct tw_findings *findings;
	struct tw_slice alert; /* empty: none was raised */
};

static enum tw_code shadow_emit(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, const struct judged *judged,
                                struct tw_finding *finding, struct tw_error *err)
{
	struct tw_assessment with;
	struct tw_findings alone = {finding, 1, 0};
	struct tw_finding *room = tw_arena_alloc_raw(arena, ((size_t)judged->findings->count + 1) * sizeof(*room));
	struct tw_shadow_case shadow = {.with = &with, .alert = judged->alert};
	if (!room) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a rule in the shadow", NULL, NULL);
	}
	tw_score_with(judge->policy, judged->scored, judged->findings, finding, room, &with, &finding->counted);
	enum tw_code code = alert_begin(judge, arena, about, &alone, &shadow.about, err);
	with.hold = with.hold && shadow.about.consignment.len; /* as in alert_raise */
	code = code == TW_OK ? tw_emit_shadow(&shadow, arena, &about->shadows[about->shadow_count], err) : code;
	about->shadow_count += code == TW_OK;
	return code;
}

/* Behind everything that counts: nothing of it can change any more. */
static enum tw_code shadows_rule(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, const struct judged *judged,
                                 struct tw_error *err)
{
	struct history history = {about, arena};
	const struct tw_screen_history asked = {history_answer, &history, history_may_say};
	about->shadow_count = 0;
	enum tw_code code = tw_screen_shadow(judge->screener, about->event, &about->matches, asked, arena, &about->shadow, err);
	about->limited = tw_screener_limited_rules(judge->screener);
	if (code != TW_OK || about->shadow.count == 0 || !judge->shadows) {
		return code;
	}
	about->shadows = tw_arena_alloc(arena, about->shadow.count * sizeof(*about->shadows));
	if (!about->shadows) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for rules in the shadow", NULL, NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < about->shadow.count; i++) {
		code = shadow_emit(judge, arena, about, judged, &about->shadow.finding[i], err);
	}
	return code;
}

/* @param scores out: false: there is nothing to score */
static enum tw_code findings_make(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_findings *findings, bool *scores,
                                  struct tw_error *err)
{
	struct history history = {about, arena};
	*findings = (struct tw_findings){NULL, 0, 0};
	about->limited = (struct tw_limited_rules){NULL, 0};
	*scores = false;
	if (about->dead_reason || about->duplicate || about->event->family == TW_FAMILY_FACT) {
		return TW_OK; /* what a fact says was said, and judged, by the events that it follows from */
	}
	const struct tw_screen_history asked = {history_answer, &history, history_may_say};
	enum tw_code code = tw_screen_rules(judge->screener, about->event, &about->matches, asked, arena, findings, err);
	about->limited = tw_screener_limited_rules(judge->screener);
	if (code == TW_OK && about->priors && !tw_priors_whole(about->priors)) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for what is remembered", NULL, NULL);
	}
	*scores = code == TW_OK && (!judge->before || tw_delta_mark(judge->before, &about->matches));
	return code;
}

/* @param scored out: what the score was of, where `scores` says that there is one */
static enum tw_code assess(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_findings *findings,
                           struct tw_score_case *scored, bool *scores, struct tw_error *err)
{
	enum tw_code code = findings_make(judge, arena, about, findings, scores, err);
	if (code != TW_OK || !*scores) {
		return code;
	}
	*scored = (struct tw_score_case){.consignment = is_drawn(about->event) ? tw_judge_named(about->event) : (struct tw_slice){NULL, 0},
	                                 .reveals = about->event->family != TW_FAMILY_MANIFEST,
	                                 .eta_ms = tw_eta_ms(about->event),
	                                 .tie = tie_of(&about->event->origin)};
	return score(judge, scored, arena, about, findings, err);
}

enum tw_code tw_judge_assess(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_findings *findings,
                             struct tw_error *err)
{
	struct tw_score_case scored;
	bool scores;
	return assess(judge, arena, about, findings, &scored, &scores, err);
}

enum tw_code tw_judge_rule(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	struct tw_findings findings;
	struct tw_score_case scored;
	bool scores;
	enum tw_code code = assess(judge, arena, about, &findings, &scored, &scores, err);
	if (code != TW_OK || !scores) {
		return code;
	}
	struct judged judged = {&scored, &findings, {"", 0}};
	code = about->assessment.selection == TW_SELECTION_NONE ? TW_OK : alert_raise(judge, arena, about, &findings, &judged.alert, err);
	code = code == TW_OK ? shadows_rule(judge, arena, about, &judged, err) : code;
	return code == TW_OK && judge->traces && !judge->before ? tw_judge_trace(arena, about, err) : code;
}

enum tw_code tw_judge_facts_of(const struct tw_time_policy *time, struct tw_arena *arena, const struct tw_case *about, struct tw_list *facts,
                               struct tw_error *err)
{
	struct tw_event *others = NULL;
	uint32_t count = 0;
	*facts = (struct tw_list){NULL, 0, 0};
	if (!about->operations) {
		return TW_OK;
	}
	bool whole = !time || !about->ticks || tw_time_tell(about->event, arena, facts);
	enum tw_code code = tw_facts_of(about->event, about->operations, about->priors, arena, &others, &count, err);
	for (uint32_t i = 0; code == TW_OK && i < count && whole; i++) {
		struct tw_event *fact = tw_list_push(arena, facts, sizeof(*fact));
		whole = fact != NULL;
		if (fact) {
			*fact = others[i];
		}
	}
	whole = whole && (code || !time || tw_due_facts(time, about->event, about->operations, about->priors, arena, facts));
	whole = whole && (code || tw_paper_links_facts(about->event, about->operations, about->priors, arena, facts));
	return code != TW_OK || whole ? code : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an event's facts", NULL, NULL);
}

enum tw_code tw_judge_facts(const struct tw_time_policy *time, struct tw_arena *arena, struct tw_case *about, struct tw_error *err)
{
	struct tw_list facts;
	about->fact_count = 0;
	enum tw_code code = tw_judge_facts_of(time, arena, about, &facts, err);
	if (code != TW_OK || facts.count == 0) {
		return code;
	}
	about->facts = tw_arena_alloc(arena, facts.count * sizeof(*about->facts));
	if (!about->facts) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an event's facts", NULL, NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < facts.count; i++) {
		code = tw_emit_fact(&((struct tw_event *)facts.data)[i], &about->event->origin, arena, &about->facts[i], err);
		about->fact_count += code == TW_OK;
	}
	return code;
}
