/* A record in words and as JSON: windows, ledgers, marks. */
#include "engine/command/state_text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "engine/state/operations.h"
#include "engine/state/record.h"
#include "tests/unit/state/events.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(state_text, .init = start, .fini = stop);

/* What the events add to one entity. */
static struct tw_state folded(struct tw_event *const *events, uint32_t count, enum tw_entity_kind kind, const char *key)
{
	char *out = tw_arena_alloc_raw(&arena, 65536), *at = out + TW_RECORD_EMPTY_BYTES;
	struct tw_state state;
	tw_record_begin(out);
	for (uint32_t i = 0; i < count; i++) {
		struct tw_operations *operations = NULL;
		cr_assert_eq(tw_operations_of(events[i], &arena, &operations, NULL), TW_OK);
		for (uint32_t k = 0; k < operations->count; k++) {
			const struct tw_operation *operation = &operations->operation[k];
			if (operation->kind == kind && tw_slice_is(operation->key, key)) {
				at += tw_entry_write(at, tw_tag(0, 0, i), operation->payload);
			}
		}
	}
	cr_assert_eq(tw_record_fold((struct tw_slice){out, (uint32_t)(at - out)}, &arena, &state), TW_OK);
	return state;
}

static const char *words(const struct tw_state *state, enum tw_entity_kind kind, const char *key, bool json)
{
	char *text = NULL;
	size_t size = 0;
	struct tw_error err;
	FILE *out = open_memstream(&text, &size);
	if (json) {
		cr_assert_eq(tw_state_json(state, kind, tw_slice_str(key), &arena, out, &err), TW_OK);
	} else {
		cr_assert(tw_state_text(state, kind, tw_slice_str(key), &arena, out));
	}
	fclose(out);
	const char *kept = tw_arena_copy(&arena, (struct tw_slice){text, (uint32_t)size}).ptr;
	free(text);
	return kept;
}

static struct tw_event *declared(const char *id, const char *time, int64_t quantity, int64_t line, const char *unit)
{
	struct tw_event *event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, id, time, id);
	struct tw_item *item = item_add(&arena, event, 1, quantity, unit);
	ref_add(&arena, item, "QZ", "QZ/MOD/1", line);
	party_add(&arena, &event->consignment.parties, "Quill & Sons", "XA");
	return event;
}

static struct tw_state certificate(void)
{
	struct tw_event *issued = certificate_new(&arena, TW_CERTIFICATE_ISSUED, "i", "2026-01-05T08:00:00Z", "QZ", "QZ/MOD/1");
	certificate_item_add(&arena, issued, 1, 100, "C62");
	certificate_item_add(&arena, issued, 2, 50, "KGM");
	struct tw_event *events[] = {issued,
	                             certificate_new(&arena, TW_CERTIFICATE_REVOKED, "r", "2026-05-05T08:00:00Z", "QZ", "QZ/MOD/1"),
	                             declared("C-1", "2026-03-01T00:00:00Z", 70, 1, "C62"),
	                             declared("C-2", "2026-04-20T00:00:00Z", 60, 1, "C62"),
	                             declared("C-3", "2026-04-20T00:00:00Z", 5, 2, "C62"),
	                             declared("C-4", "2026-04-21T00:00:00Z", 1, 9, "C62")};
	return folded(events, 6, TW_ENTITY_CERTIFICATE, "QZ|QZMOD1");
}

Test(state_text, a_certificate_tells_terms_status_draws_and_what_is_too_many)
{
	struct tw_state state = certificate();
	const char *text = words(&state, TW_ENTITY_CERTIFICATE, "QZ|QZMOD1", false);
	static const char *const said[] = {
	    "certificate QZ|QZMOD1\n\n",
	    "back from 2026-04-21, the newest day on record\n",
	    "  how many                           3           3           4             4\n",
	    "Status                     revoked\n  2026-01-05T08:00:00Z  certificate.issued\n  2026-05-05T08:00:00Z  certificate.revoked\n",
	    "  revision 1",
	    "    line 1         100 C62\n    line 2         50 KGM\n",
	    "  C-1, as of 2026-03-01T00:00:00Z\n    item 1         line 1, 70 C62\n",
	    "  line 1                   drawn 130 C62, certified 100 C62: 30 too many\n",
	    "  line 2                   drawn 5 C62, certified 50 KGM: in different units\n",
	    "  line 9                   drawn 1 C62, not on the certificate\n",
	};
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		cr_expect(strstr(text, said[i]) != NULL, "\"%s\" is not in\n%s", said[i], text);
	}
}

Test(state_text, json_says_the_same_in_members)
{
	struct tw_state state = certificate();
	const char *text = words(&state, TW_ENTITY_CERTIFICATE, "QZ|QZMOD1", true);
	static const char *const said[] = {
	    "{\"entity\":\"certificate\",\"key\":\"QZ|QZMOD1\",\"newest_day\":\"2026-04-21\"",
	    "{\"days\":30,\"consignments\":3,",
	    "\"status\":\"revoked\"",
	    "{\"line\":1,\"drawn\":130,\"drawn_unit\":\"C62\",\"certified\":100,\"certified_unit\":\"C62\",\"comparable\":true}",
	    "\"comparable\":false",
	    "\"consignment\":\"C-3\",\"lines\":[{\"item\":1,\"line\":2,\"quantity\":5,\"unit\":\"C62\"}]",
	};
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		cr_expect(strstr(text, said[i]) != NULL, "\"%s\" is not in\n%s", said[i], text);
	}
}

Test(state_text, windows_count_back_from_the_newest_day_and_ever_has_what_was_summed_up)
{
	struct tw_event *events[] = {declared("C-1", "2024-03-01T00:00:00Z", 1, 1, "C62"), declared("C-2", "2026-04-01T00:00:00Z", 1, 1, "C62"),
	                             declared("C-3", "2026-04-08T00:00:00Z", 1, 1, "C62")};
	struct tw_state state = folded(events, 3, TW_ENTITY_PARTY, "quill sons|XA");
	struct tw_state_view view;
	cr_assert(tw_state_view(&state, TW_ENTITY_PARTY, &arena, &view));
	cr_expect_eq(view.window[0][TW_BUCKET_SEEN], 2, "the seventh day before is inside");
	cr_expect_eq(view.window[2][TW_BUCKET_SEEN], 2);
	cr_expect_eq(view.window[3][TW_BUCKET_SEEN], 3);
	cr_expect(view.dated && view.first_day < view.last_day && view.line_count == 0);
	cr_expect(tw_view_window_days(1) == 30 && tw_view_window_days(3) == 0);
}

Test(state_text, an_empty_record_and_a_mark_that_was_only_stated_are_shown_too)
{
	struct tw_state none = {NULL, 0, NULL, 0};
	cr_expect_str_eq(words(&none, TW_ENTITY_VESSEL, "9074729", false), "vessel 9074729\n\n");
	struct tw_event *event = declared("C-1", "2026-03-01T00:00:00Z", 1, 1, "C62");
	struct tw_item *item = event->consignment.items.data;
	marking_add(&arena, &item->markings, "Maker", "AB 1");
	struct tw_state state = folded(&event, 1, TW_ENTITY_MARKING, "MAKER|AB1");
	cr_expect_str_eq(words(&state, TW_ENTITY_MARKING, "MAKER|AB1", false),
	                 "marking MAKER|AB1\n\nStated by consignments\n  C-1, as of 2026-03-01T00:00:00Z\n");
	cr_expect(strstr(words(&state, TW_ENTITY_MARKING, "MAKER|AB1", true), "\"status\":\"unknown\"") != NULL);
	cr_expect_str_eq(tw_view_certificate_word(TW_CERTIFICATE_STATUS_LOST), "lost");
	cr_expect_str_eq(tw_view_marking_word(TW_MARKING_STATUS_DEACTIVATED), "deactivated");
}
