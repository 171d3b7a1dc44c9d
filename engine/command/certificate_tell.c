/**
 * @file certificate_tell.c
 * See certificate_tell.h. The bytes of an event go with its batch: what is kept is copied.
 */
#include "engine/command/certificate_tell.h"

#include <stdlib.h>

#include "engine/base/hash.h"
#include "engine/event/keys.h"

struct tw_slice tw_certificate_number_of(struct tw_slice key)
{
	for (uint32_t i = 0; i < key.len; i++) {
		if (key.ptr[i] == '|') {
			return (struct tw_slice){key.ptr + i + 1, key.len - i - 1};
		}
	}
	return key;
}

static bool is_wanted(struct tw_slice key, struct tw_slice number)
{
	return key.len && (!number.len || tw_slice_equal(tw_certificate_number_of(key), number));
}

struct copying {
	struct tw_arena *arena;
	bool whole;
};

static struct tw_slice copy(struct copying *copying, struct tw_slice text)
{
	struct tw_slice own = text.len ? tw_arena_copy(copying->arena, text) : (struct tw_slice){"", 0};
	copying->whole = copying->whole && own.ptr;
	return own;
}

static struct tw_slice copy_text(struct copying *copying, struct tw_text text)
{
	return copy(copying, tw_slice_of(text));
}

/* ---- certificates ---- */

static void received_keep(struct copying *copying, const struct tw_certificate *certificate, struct tw_told *told)
{
	const struct tw_certificate_item *items = certificate->items.data;
	struct tw_ledger_line *lines = tw_arena_alloc(copying->arena, ((size_t)certificate->items.count + 1) * sizeof(*lines));
	copying->whole = copying->whole && lines;
	for (uint32_t i = 0; lines && i < certificate->items.count; i++) {
		lines[i] = (struct tw_ledger_line){.line = items[i].line.value,
		                                   .stated = tw_stated(items[i].quantity.span),
		                                   .quantity_e4 = items[i].quantity.e4,
		                                   .unit = tw_unit_code(tw_slice_of(items[i].unit))};
	}
	told->lines = lines;
	told->line_count = lines ? certificate->items.count : 0;
	told->received_stated = tw_stated(certificate->received.span);
	told->received = certificate->received.day;
}

static bool certificate_tell(struct tw_certificate_source *source, const struct tw_event *event, struct tw_slice number)
{
	const struct tw_certificate *certificate = &event->certificate;
	struct copying copying = {&source->arena, true};
	struct tw_slice key = tw_key_certificate(tw_slice_of(certificate->issuer.country), tw_slice_of(certificate->number), &source->arena);
	if (!key.ptr || !is_wanted(key, number)) {
		return key.ptr != NULL;
	}
	struct tw_told *told = tw_list_push(&source->arena, &source->told, sizeof(*told));
	if (!told) {
		return false;
	}
	*told = (struct tw_told){.key = key,
	                         .sequence = source->told.count,
	                         .id_hash = tw_hash64(event->id.ptr, event->id.len, 0),
	                         .type = event->type,
	                         .time_ms = event->time.ms,
	                         .id = copy_text(&copying, event->id),
	                         .source = copy_text(&copying, event->source),
	                         .by = copy_text(&copying, certificate->by),
	                         .reason = copy_text(&copying, certificate->reason),
	                         .consignment = copy_text(&copying, certificate->consignment),
	                         .discrepancy = copy_text(&copying, certificate->discrepancy),
	                         .text = copy_text(&copying, certificate->text),
	                         .reported_by = copy_text(&copying, certificate->reported_by)};
	if (event->type == TW_CERTIFICATE_DELIVERY_VERIFIED) {
		received_keep(&copying, certificate, told);
	}
	return copying.whole;
}

/* ---- manifests ---- */

static struct tw_slice place_of(const struct tw_consignment *consignment, enum tw_leg_role role, enum tw_leg_role other)
{
	const struct tw_leg *legs = consignment->route.data;
	const struct tw_leg *found = NULL;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		bool better = legs[i].role.value == role && (!found || found->role.value != role);
		found = better || (!found && legs[i].role.value == other) ? &legs[i] : found;
	}
	if (!found) {
		return (struct tw_slice){"", 0};
	}
	return tw_slice_of(tw_stated(found->place.span) ? found->place : found->country);
}

static struct tw_slice party_of(const struct tw_consignment *consignment, enum tw_party_role role)
{
	const struct tw_party *parties = consignment->parties.data;
	for (uint32_t i = 0; i < consignment->parties.count; i++) {
		if (parties[i].role.value == role && tw_stated(parties[i].name.span)) {
			return tw_slice_of(parties[i].name);
		}
	}
	return (struct tw_slice){"", 0};
}

static bool item_tell(struct tw_certificate_source *source, const struct tw_event *event, const struct tw_item *item, struct tw_slice number)
{
	const struct tw_consignment *consignment = &event->consignment;
	const struct tw_certificate_ref *refs = item->certificates.data;
	struct copying copying = {&source->arena, true};
	for (uint32_t i = 0; i < item->certificates.count && copying.whole; i++) {
		struct tw_slice key = tw_key_certificate(tw_slice_of(refs[i].issuer_country), tw_slice_of(refs[i].number), &source->arena);
		struct tw_shipped *shipped =
		    key.ptr && is_wanted(key, number) ? tw_list_push(&source->arena, &source->shipped, sizeof(*shipped)) : NULL;
		copying.whole = key.ptr && (shipped || !is_wanted(key, number));
		if (shipped) {
			*shipped = (struct tw_shipped){.key = key,
			                               .sequence = source->shipped.count,
			                               .consignment = tw_key_consignment(tw_slice_of(consignment->id), &source->arena),
			                               .revision = tw_stated(consignment->revision.span) ? consignment->revision.value : 0,
			                               .time_ms = event->time.ms,
			                               .item = item->line.value,
			                               .description = copy_text(&copying, item->description),
			                               .from = copy(&copying, place_of(consignment, TW_LEG_LOAD, TW_LEG_ORIGIN)),
			                               .to = copy(&copying, place_of(consignment, TW_LEG_DELIVERY, TW_LEG_DISCHARGE)),
			                               .consignor = copy(&copying, party_of(consignment, TW_ROLE_CONSIGNOR)),
			                               .consignee = copy(&copying, party_of(consignment, TW_ROLE_CONSIGNEE))};
			shipped->consignment = copy(&copying, shipped->consignment);
		}
	}
	return copying.whole;
}

bool tw_certificate_tell(struct tw_certificate_source *source, const struct tw_event *event, struct tw_slice number)
{
	bool whole = true;
	if (event->family == TW_FAMILY_CERTIFICATE) {
		return certificate_tell(source, event, number);
	}
	if (event->type == TW_CONSIGNMENT_DECLARED || event->type == TW_CONSIGNMENT_AMENDED) {
		const struct tw_item *items = event->consignment.items.data;
		for (uint32_t i = 0; i < event->consignment.items.count && whole; i++) {
			whole = item_tell(source, event, &items[i], number);
		}
	}
	return whole;
}

/* ---- in order ---- */

static int by_numbers(const int64_t pairs[][2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (pairs[i][0] != pairs[i][1]) {
			return pairs[i][0] < pairs[i][1] ? -1 : 1;
		}
	}
	return 0;
}

static int told_order(const void *left, const void *right)
{
	const struct tw_told *a = left, *b = right;
	const int64_t pairs[][2] = {{a->sequence, b->sequence}};
	int order = tw_slice_compare(a->key, b->key);
	return order ? order : by_numbers(pairs, 1);
}

static int shipped_order(const void *left, const void *right)
{
	const struct tw_shipped *a = left, *b = right;
	const int64_t pairs[][2] = {{a->item, b->item}, {a->revision, b->revision}, {a->time_ms, b->time_ms}, {a->sequence, b->sequence}};
	int order = tw_slice_compare(a->key, b->key);
	order = order ? order : tw_slice_compare(a->consignment, b->consignment);
	return order ? order : by_numbers(pairs, 4);
}

void tw_certificate_told_sort(struct tw_certificate_source *source)
{
	if (source->told.count > 1) {
		qsort(source->told.data, source->told.count, sizeof(struct tw_told), told_order);
	}
	if (source->shipped.count > 1) {
		qsort(source->shipped.data, source->shipped.count, sizeof(struct tw_shipped), shipped_order);
	}
}

/* The part of a sorted list whose elements begin with that key. @param bytes of an element, whose first member is its key */
static struct tw_list part_of(const struct tw_list *list, size_t bytes, struct tw_slice key)
{
	const char *data = list->data;
	uint32_t edge[2];
	for (int upper = 0; upper < 2; upper++) {
		uint32_t low = 0, high = list->count;
		while (low < high) {
			uint32_t middle = low + (high - low) / 2;
			int order = tw_slice_compare(*(const struct tw_slice *)(const void *)(data + middle * bytes), key);
			if (order < 0 || (upper && order == 0)) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		edge[upper] = low;
	}
	return (struct tw_list){list->count ? (char *)list->data + edge[0] * bytes : NULL, edge[1] - edge[0], 0};
}

struct tw_certificate_source tw_certificate_source_of(const struct tw_certificate_source *source, struct tw_slice key)
{
	struct tw_certificate_source out = *source;
	out.told = part_of(&source->told, sizeof(struct tw_told), key);
	out.shipped = part_of(&source->shipped, sizeof(struct tw_shipped), key);
	return out;
}
