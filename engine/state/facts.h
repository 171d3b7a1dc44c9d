/**
 * @file facts.h
 * Facts: what one event makes of what its consignment's record knew before it, for records that the event does not name.
 *
 *     cancelled             --\                                /--> fact.draws_ended   certificates: the revision's draws are given back
 *     declared, amended     ---+--> the consignment's record --+
 *     inspection completed  --+     (its prior shows who        +--> fact.inspected     parties, vessel: one more inspection
 *     arrived, departed     --/      was there first)           \--> fact.arrived       certificates: where the revision's goods are, since when
 *                                                                \-> fact.departed      likewise: when they first left
 *
 * Of any two events of a consignment one comes second at its record, and its prior shows the first. The second one speaks for both:
 *
 *     revision a, revision b    of the earlier version, the draws on certificates that the later one does not name have ended; of all that are
 *                               known, where b is above them
 *     revision a, cancellation  where a is the latest known, and not made after the cancellation: all its draws have ended
 *     revision a, outcome o     o counts for the parties and the vessel of a
 *     revision a, arrival o     o counts for the certificates that a draws on, and for those of every other revision
 *     revision a, departure o   likewise, of departures the first
 *
 * Why every interleaving ends equal. Let v be the highest version that names certificate K, and R the highest of all. If R is v, K's draw is
 * v's lines, unless a cancellation not earlier than R ends them: whichever of the two is second sees the other, and sees that R is the
 * latest. If R is above v, whichever revision without K above v comes first to stand beside v as the latest, or is met by v as the
 * latest, ends v's draw. State may be lost between the two, and with it what was applied and not committed: so a revision that stood beside v may
 * have spoken in vain, and have kept another from speaking. Hence R speaks for every revision that its prior shows. Of R and v one was committed in a
 * life of the state in which it had the other before it, and that one has spoken. An end has the version of the lines that it ends and wins over them
 * (ledger.h), so that lower versions and repeated facts change nothing. Outcomes, parties and the certificates that any revision named only grow; of
 * arrivals the latest counts.
 *
 * A revision made after the cancellation (by its own time, with a version above) is a new life, and draws again: else a cancelled
 * consignment could be shipped under a certificate without counting. Facts touch elements alone, no counter: applied twice is applied once.
 */
#ifndef TIDEWAITER_ENGINE_STATE_FACTS_H
#define TIDEWAITER_ENGINE_STATE_FACTS_H

#include "engine/state/store.h"

/** The span of what a fact states: it stands in no event's bytes. */
#define TW_FACT_STATED ((struct tw_span){0, 1})

/** A text that a fact states; points where the slice does. */
static inline struct tw_text tw_fact_text(struct tw_slice slice)
{
	return (struct tw_text){slice.ptr, slice.len, TW_FACT_STATED};
}

struct tw_drafts;
struct tw_version;

/** @return whether events of that type make facts, if the consignment's record has the other half */
bool tw_facts_follow(enum tw_event_type type);

/**
 * @param priors of tw_store_apply; NULL: there was nothing before
 * @param out   events of TW_FAMILY_FACT without id, in the arena; keys point into records and operations, so no longer than those live
 * @param count most often 0
 * @return TW_OK; TW_E_MEMORY stop at the arena's ceiling. Pure: equal arguments, equal facts in equal order
 */
TW_MUST_USE enum tw_code tw_facts_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                     struct tw_arena *arena, struct tw_event **out, uint32_t *count, struct tw_error *err);

/**
 * @param count at least 1
 * @return of the events, from the first on, how many may be applied in one call so that none but the last of them can have facts; at least 1
 */
uint32_t tw_facts_run(struct tw_store *store, const struct tw_store_event *events, uint32_t count);

/** A fact at the end of a list, said by the engine; its body is empty. @param facts struct tw_event @return valid until the next one; NULL at the
 *  arena's ceiling */
struct tw_event *tw_fact_new(struct tw_arena *arena, struct tw_list *facts, enum tw_event_type type, int64_t time_ms);
/** One more text of a fact, such as a certificate's key. @param list struct tw_text @return false at the arena's ceiling */
bool tw_fact_text_add(struct tw_arena *arena, struct tw_list *list, struct tw_slice text);
/** @return false at the arena's ceiling */
bool tw_fact_version_put(const struct tw_version *version, struct tw_arena *arena, struct tw_fact_version *out);
/** @return false: the fact does not say which version it is about */
bool tw_fact_version_get(const struct tw_fact_version *version, struct tw_version *out);

/** What a fact adds to the records that it names. What is none of ours leaves TW_E_CORRUPT in the drafts. */
void tw_mention_fact(struct tw_drafts *drafts, const struct tw_event *event);

#endif
