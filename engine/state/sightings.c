/**
 * @file sightings.c
 * See sightings.h.
 */
#include "engine/state/sightings.h"

#include "engine/base/arena.h"
#include "engine/state/ledger.h"
#include "engine/state/series.h"

static void add(struct tw_collected *out, const struct tw_mark_sighting *sighting, struct tw_slice tail)
{
	struct tw_mark_sighting *kept = tw_list_push(out->arena, &out->list, sizeof(*kept));
	struct tw_slice *name = tw_list_push(out->arena, &out->tails, sizeof(*name));
	out->full = out->full || !kept || !name;
	if (kept && name) {
		*kept = *sighting;
		kept->match = kept->match < out->at_least ? out->at_least : kept->match;
		*name = tail;
	}
}

static void add_own(struct tw_collected *out, const struct tw_element *element, struct tw_slice value, const struct tw_state *series)
{
	struct tw_mark_sighting sighting = {.time_ms = element->version.time_ms, .name = tw_element_tail(element)};
	struct tw_slice said = element->bytes;
	switch (element->key.len ? element->key.ptr[0] : '\0') {
	case TW_ELEMENT_STATUS:
		sighting.kind = TW_SIGHTING_REPORTED;
		sighting.type = tw_status_read(element, &sighting.time_ms);
		sighting.name = (struct tw_slice){"", 0};
		said = said.len ? (struct tw_slice){said.ptr + 1, said.len - 1} : said;
		break;
	case TW_ELEMENT_SIGHTING:
		sighting.kind = TW_SIGHTING_SHIPPED;
		sighting.ended = !tw_series_stands(series, sighting.name);
		break;
	case TW_ELEMENT_FOUND:
		sighting.kind = TW_SIGHTING_INSPECTED;
		break;
	case TW_ELEMENT_COVER:
		sighting.kind = TW_SIGHTING_CERTIFIED;
		break;
	default:
		return;
	}
	tw_particulars_read(said, &sighting.said);
	if (sighting.kind == TW_SIGHTING_CERTIFIED && sighting.said.of[TW_PARTICULAR_CERTIFICATE].len) {
		sighting.kind = TW_SIGHTING_NAMED;
	}
	struct tw_slice raw = sighting.said.of[TW_PARTICULAR_RAW];
	sighting.match = tw_slice_equal(raw.len ? raw : value, out->keys->written) ? TW_TRACE_EXACT : TW_TRACE_NORMALISED;
	add(out, &sighting, tw_element_tail(element));
}

/* The surest way in which an element's runs have the number; 0: they have it not. */
static enum tw_trace_match match_of(const struct tw_element *element, const struct tw_trace_keys *keys)
{
	enum tw_trace_match best = (enum tw_trace_match)0;
	struct tw_run run;
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	while (tw_runs_next(&cursor, &left, &run)) {
		if (keys->number < run.first || keys->number > run.last) {
			continue;
		}
		enum tw_trace_match match = run.letters != keys->letters ? TW_TRACE_FOLDED
		                            : run.first == run.last      ? TW_TRACE_NUMBER
		                                                         : TW_TRACE_IN_RANGE;
		best = !best || match < best ? match : best;
	}
	return best;
}

static struct tw_mark_sighting sighting_of(const struct tw_element *element)
{
	struct tw_mark_sighting sighting = {.time_ms = element->version.time_ms, .name = tw_element_tail(element)};
	switch (element->key.ptr[0]) {
	case TW_ELEMENT_SHIPPED:
		sighting.kind = TW_SIGHTING_SHIPPED;
		break;
	case TW_ELEMENT_COVERED:
		sighting.kind = TW_SIGHTING_CERTIFIED;
		break;
	case TW_ELEMENT_REPORTED:
		sighting.kind = TW_SIGHTING_REPORTED;
		break;
	default:
		sighting.kind = TW_SIGHTING_NAMED;
		break;
	}
	if (tw_runs_are_typed(element->key.ptr[0])) {
		sighting.type = element->bytes.len ? (enum tw_event_type)(unsigned char)element->bytes.ptr[0] : (enum tw_event_type)0;
		sighting.name = (struct tw_slice){"", 0};
	}
	if (sighting.type == TW_INSPECTION_COMPLETED) {
		sighting.kind = TW_SIGHTING_INSPECTED;
	}
	return sighting;
}

/* The same event in the mark's own record, which says how it is written there. */
static struct tw_mark_sighting *own_of(struct tw_collected *out, const struct tw_element *element, const struct tw_mark_sighting *other)
{
	struct tw_mark_sighting *held = out->list.data;
	const struct tw_slice *tails = out->tails.data;
	bool met = tw_element_is(element, TW_ELEMENT_MET);
	for (uint32_t i = 0; i < out->list.count; i++) {
		bool named = other->kind == TW_SIGHTING_NAMED && held[i].kind == TW_SIGHTING_CERTIFIED;
		bool same = met ? held[i].time_ms == other->time_ms && tw_slice_equal(tails[i], other->name)
		                : tw_slice_equal(tails[i], tw_element_tail(element));
		if ((held[i].kind == other->kind || named) && same) {
			return &held[i];
		}
	}
	return NULL;
}

static void add_series(struct tw_collected *out, const struct tw_element *element)
{
	struct tw_mark_sighting sighting = sighting_of(element);
	sighting.match = match_of(element, out->keys);
	if (!sighting.match) {
		return;
	}
	tw_runs_said(element, out->keys->number, &sighting.said);
	if (tw_element_is(element, TW_ELEMENT_MET)) {
		sighting.name = sighting.said.of[sighting.kind == TW_SIGHTING_INSPECTED ? TW_PARTICULAR_CONSIGNMENT : TW_PARTICULAR_CERTIFICATE];
	}
	struct tw_mark_sighting *held = sighting.match == TW_TRACE_FOLDED ? NULL : own_of(out, element, &sighting);
	if (!held) {
		add(out, &sighting, tw_element_tail(element));
		return;
	}
	struct tw_slice raw = held->said.of[TW_PARTICULAR_RAW];
	held->said = sighting.said;
	held->said.of[TW_PARTICULAR_RAW] = raw;
	held->type = sighting.type;
	held->kind = sighting.kind;
}

void tw_sightings_collect(struct tw_collected *out, struct tw_slice own_key, const struct tw_state *own, const struct tw_state *series)
{
	for (uint32_t i = 0; own && i < own->element_count; i++) {
		add_own(out, &own->elements[i], tw_mark_value(own_key), series);
	}
	for (uint32_t i = 0; series && i < series->element_count; i++) {
		if (tw_has_runs(&series->elements[i])) {
			add_series(out, &series->elements[i]);
		}
	}
}
