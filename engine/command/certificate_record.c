/**
 * @file certificate_record.c
 * What a certificate's record alone says of deliveries, in the form in which the view has it from events (certificate_view.h).
 */
#include "engine/base/arena.h"
#include "engine/command/certificate_view.h"
#include "engine/state/delivery.h"
#include "engine/state/field.h"

#define DISCREPANCY_STATED "a discrepancy is stated; its words are not kept in the store"

const char *const tw_certificate_not_kept[] = {"descriptions, parties and places of what is drawn",
                                               "who decided a status, why, and by which event",
                                               "the words of a discrepancy, and verifications that a later one replaced",
                                               "the papers of each consignment side by side",
                                               "reasons of alerts",
                                               NULL};

static bool told_add(struct tw_slice key, const struct tw_element *element, struct tw_verified *verified, struct tw_arena *arena, struct tw_list *out)
{
	struct tw_told *told = tw_list_push(arena, out, sizeof(*told));
	struct tw_list lines = {NULL, 0, 0};
	struct tw_ledger_line line;
	while (told && tw_ledger_next(&verified->lines, &verified->lines_left, &line)) {
		struct tw_ledger_line *kept = tw_list_push(arena, &lines, sizeof(*kept));
		if (!kept) {
			return false;
		}
		*kept = line;
	}
	if (!told) {
		return false;
	}
	*told = (struct tw_told){.key = key,
	                         .sequence = out->count,
	                         .id_hash = element->version.id,
	                         .type = TW_CERTIFICATE_DELIVERY_VERIFIED,
	                         .time_ms = element->version.time_ms,
	                         .consignment = tw_element_tail(element),
	                         .discrepancy = tw_slice_str(verified->discrepancy ? DISCREPANCY_STATED : ""),
	                         .received_stated = verified->received_stated,
	                         .received = verified->received,
	                         .lines = lines.data,
	                         .line_count = lines.count};
	return true;
}

bool tw_certificate_told_of_record(struct tw_slice key, const struct tw_state *state, struct tw_arena *arena, struct tw_list *out)
{
	*out = (struct tw_list){NULL, 0, 0};
	for (uint32_t i = 0; i < state->element_count; i++) {
		struct tw_verified verified;
		if (tw_verified_read(&state->elements[i], &verified) && !told_add(key, &state->elements[i], &verified, arena, out)) {
			return false;
		}
	}
	return true;
}
