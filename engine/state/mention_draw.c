/**
 * @file mention_draw.c
 * See mention_draw.h.
 */
#include "engine/state/mention_draw.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/event/keys.h"
#include "engine/state/ledger.h"
#include "engine/state/paper.h"

static int64_t amount_add(int64_t sum, struct tw_amount amount)
{
	int64_t value = amount.e4 < 0 ? 0 : amount.e4;
	return sum > TW_AMOUNT_E4_MAX - value ? TW_AMOUNT_E4_MAX : sum + value;
}

__extension__ typedef __int128 wide;

/* What of an item nobody says on which of its certificates it is, and how many they are; several lines of one certificate are one. */
struct share {
	int64_t left_e4;
	uint32_t of;
	uint32_t first; /* certificate, by operation: the remainder is its */
};

/* What an item's references say of one certificate, all its lines together. @return whether any says it */
static bool stated_of(const struct tw_item *item, const uint32_t *numbers, uint32_t number, int64_t *e4)
{
	const struct tw_certificate_ref *refs = item->certificates.data;
	bool any = false;
	*e4 = 0;
	for (uint32_t i = 0; i < item->certificates.count; i++) {
		if (numbers[i] == number && tw_stated(refs[i].quantity.span)) {
			*e4 = amount_add(*e4, refs[i].quantity);
			any = true;
		}
	}
	return any;
}

static bool is_again(const uint32_t *numbers, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++) {
		if (numbers[i] == numbers[at]) {
			return true;
		}
	}
	return false;
}

static struct share share_of(const struct tw_item *item, const uint32_t *numbers)
{
	struct share share = {.left_e4 = amount_add(0, item->quantity), .first = TW_NO_OPERATION};
	for (uint32_t i = 0; i < item->certificates.count; i++) {
		int64_t stated_e4 = 0;
		if (numbers[i] == TW_NO_OPERATION || is_again(numbers, i)) {
			continue;
		}
		if (stated_of(item, numbers, numbers[i], &stated_e4)) {
			share.left_e4 = stated_e4 < share.left_e4 ? share.left_e4 - stated_e4 : 0;
			continue;
		}
		share.first = share.of == 0 ? numbers[i] : share.first;
		share.of++;
	}
	share.of = share.of ? share.of : 1;
	return share;
}

/* A value goes with its quantity; without one, by equal parts. */
static int64_t value_part(const struct share *share, int64_t value_e4, int64_t part_e4, int64_t whole_e4)
{
	bool by_quantity = whole_e4 > 0 && part_e4 <= whole_e4;
	return by_quantity ? (int64_t)((wide)value_e4 * part_e4 / whole_e4) : value_e4 / share->of;
}

/* What its references say, else an equal part of what is left. */
static void draw(struct tw_drafts *drafts, const uint32_t *numbers, uint32_t at, const struct tw_item *item, const struct share *share)
{
	const struct tw_certificate_ref *ref = &((const struct tw_certificate_ref *)item->certificates.data)[at];
	const uint32_t number = numbers[at];
	if (number == TW_NO_OPERATION) {
		return;
	}
	struct tw_draft *draft = tw_drafts_at(drafts, number);
	struct tw_ledger_line *line = tw_list_push(drafts->arena, &draft->lines, sizeof(*line));
	struct tw_drawn *drawn = tw_list_push(drafts->arena, &draft->drawn, sizeof(*drawn));
	if (!line || !drawn) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	int64_t part_e4 = 0;
	const bool stated = stated_of(item, numbers, number, &part_e4);
	if (!stated) {
		part_e4 = share->left_e4 / share->of + (number == share->first ? share->left_e4 % share->of : 0);
	}
	*line = (struct tw_ledger_line){
	    .item = item->line.value < 0 ? 0 : item->line.value,
	    .line = ref->line.value < 0 ? 0 : ref->line.value,
	    .stated = stated || tw_stated(item->quantity.span),
	    .quantity_e4 = part_e4,
	    .unit = tw_unit_code(tw_slice_of(item->unit)),
	    .valued = tw_stated(item->value.span),
	    .value_e4 = value_part(share, amount_add(0, item->value), part_e4, amount_add(0, item->quantity)),
	    .currency = tw_unit_code(tw_slice_of(item->currency)),
	    .hs = tw_slice_of(item->hs),
	    .control_code = tw_slice_of(item->control_code),
	    .calibre = tw_slice_of(item->calibre),
	};
	*drawn = (struct tw_drawn){item, line->line};
}

void tw_mention_certificates(struct tw_drafts *drafts, const struct tw_item *item)
{
	const struct tw_certificate_ref *refs = item->certificates.data;
	const uint32_t count = item->certificates.count;
	uint32_t *numbers = count ? tw_arena_alloc_raw(drafts->arena, count * sizeof(*numbers)) : NULL;
	if (!numbers) {
		drafts->code = count ? TW_E_MEMORY : drafts->code;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct tw_slice key = tw_key_certificate(tw_slice_of(refs[i].issuer_country), tw_slice_of(refs[i].number), drafts->arena);
		numbers[i] = tw_drafts_mention(drafts, TW_ENTITY_CERTIFICATE, key, &refs[i], item);
	}
	const struct share share = share_of(item, numbers);
	for (uint32_t i = 0; i < count; i++) {
		draw(drafts, numbers, i, item, &share);
	}
}
