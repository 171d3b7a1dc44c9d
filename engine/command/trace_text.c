/**
 * @file trace_text.c
 * A trace as a person reads it (tw_trace_text of trace_command.h).
 *
 *     AB 01417, Samplearms                                   reported stolen
 *
 *       1987-03-02 00:00  manufactured   exact       M7, 7.62x39, made in XA, 1987; receiver
 *                                                    works-register, event m-17
 *       2026-01-10 08:00  certified      in range    certificate QZ|QZ1
 *
 *     Identified by       maker Samplearms; model M7; ...
 *     To identify it      import marks
 */
#include "engine/base/time.h"
#include "engine/emit/trace.h"
#include "engine/command/cell.h"
#include "engine/command/trace_command.h"

#define LABEL       20
#define DETAIL      45 /* the column where a sighting's details begin */
#define COLUMNS_MAX 1000U

static void cell(struct tw_slice text, FILE *out)
{
	tw_cell_print(out, text, COLUMNS_MAX);
}

static const char *match_words(enum tw_trace_match match)
{
	static const char *const words[TW_TRACE_MATCHES + 1] = {"", "exact", "normalised", "number", "in range", "only alike"};
	return words[match];
}

static const char *identity_words(enum tw_identity which)
{
	static const char *const words[TW_IDENTITIES] = {"maker", "model", "serial", "country of manufacture", "import marks"};
	return words[which];
}

/* Texts with a comma between them, an introduction before some. */
struct words {
	FILE *out;
	bool any;
};

static void word(struct words *words, const char *before, struct tw_slice text)
{
	if (text.len) {
		fprintf(words->out, "%s%s", words->any ? ", " : "", before);
		cell(text, words->out);
		words->any = true;
	}
}

/* ---- sightings ---- */

static void amount_word(struct words *words, struct tw_slice digits)
{
	char text[64];
	uint32_t whole = digits.len > 4 ? digits.len - 4 : 0;
	bool round = digits.len > 4 && memcmp(digits.ptr + whole, "0000", 4) == 0;
	if (round) {
		snprintf(text, sizeof(text), "quantity %.*s", (int)whole, digits.ptr);
		word(words, "", tw_slice_str(text));
	}
}

static void papers_word(struct words *words, const struct tw_mark_sighting *sighting)
{
	bool certificate = sighting->kind == TW_SIGHTING_CERTIFIED || sighting->kind == TW_SIGHTING_NAMED;
	word(words, certificate ? "certificate " : "consignment ", sighting->name);
	if (certificate) {
		word(words, "consignment ", sighting->said.of[TW_PARTICULAR_CONSIGNMENT]);
	}
	if (sighting->ended) {
		word(words, "", tw_slice_str("which no longer states it"));
	}
}

/* "CZ to PT", "2026-03-04 to 2026-03-16", "works|CZ to guard|PT" */
static void way_word(struct words *words, struct tw_slice from, struct tw_slice to)
{
	if (from.len && to.len) {
		word(words, "", from);
		fputs(" to ", words->out);
		cell(to, words->out);
	} else {
		word(words, from.len ? "from " : "to ", from.len ? from : to);
	}
}

static bool has_way(const struct tw_slice *said)
{
	bool any = false;
	for (uint32_t i = TW_PARTICULAR_SENDER; i <= TW_PARTICULAR_DUE; i++) {
		any = any || said[i].len;
	}
	return any;
}

static void passage_word(struct words *words, const struct tw_slice *said)
{
	way_word(words, said[TW_PARTICULAR_SENDER], said[TW_PARTICULAR_RECEIVER]);
	word(words, "for ", said[TW_PARTICULAR_END_USER]);
	way_word(words, said[TW_PARTICULAR_SENT], said[TW_PARTICULAR_BOUND]);
	way_word(words, said[TW_PARTICULAR_LEAVES], said[TW_PARTICULAR_DUE]);
}

static void weapon_word(struct words *words, const struct tw_mark_sighting *sighting)
{
	const struct tw_slice *said = sighting->said.of;
	word(words, "", said[TW_PARTICULAR_KIND]);
	word(words, "", said[TW_PARTICULAR_MODEL]);
	word(words, "", said[TW_PARTICULAR_CALIBRE]);
	word(words, "made in ", said[TW_PARTICULAR_ORIGIN]);
	word(words, "", said[TW_PARTICULAR_YEAR]);
	word(words, "on the ", said[TW_PARTICULAR_COMPONENT]);
	word(words, "import mark ", said[TW_PARTICULAR_IMPORT]);
	amount_word(words, said[TW_PARTICULAR_QUANTITY]);
	word(words, "written ", said[TW_PARTICULAR_RAW]);
	if (sighting->no_maker) {
		word(words, "", tw_slice_str("no maker stated"));
	}
}

static void evidence_word(struct words *words, const struct tw_slice *said)
{
	word(words, "", said[TW_PARTICULAR_AUTHORITY]);
	word(words, "in ", said[TW_PARTICULAR_PLACE]);
	word(words, "reference ", said[TW_PARTICULAR_REFERENCE]);
	word(words, "from ", said[TW_PARTICULAR_EVENT_SOURCE]);
	word(words, "event ", said[TW_PARTICULAR_EVENT_ID]);
}

static void sighting_print(const struct tw_mark_sighting *sighting, FILE *out)
{
	char instant[TW_INSTANT_BYTES];
	struct words words = {out, false};
	tw_instant_format(sighting->time_ms, instant);
	fprintf(out, "  %.10s %.5s  %-15s %-10s ", instant, instant + 11, tw_trace_what(sighting), match_words(sighting->match));
	papers_word(&words, sighting);
	weapon_word(&words, sighting);
	fputc('\n', out);
	if (has_way(sighting->said.of)) {
		words.any = false;
		fprintf(out, "%*s", DETAIL + 2, "");
		passage_word(&words, sighting->said.of);
		fputc('\n', out);
	}
	if (sighting->said.of[TW_PARTICULAR_EVENT_ID].len || sighting->said.of[TW_PARTICULAR_REFERENCE].len) {
		words.any = false;
		fprintf(out, "%*s", DETAIL + 2, "");
		evidence_word(&words, sighting->said.of);
		fputc('\n', out);
	}
}

/* ---- who else, and what it comes to ---- */

static void candidates_print(const struct tw_trace *trace, FILE *out)
{
	if (trace->candidate_count == 0) {
		return;
	}
	fputs(trace->maker.len ? "\nOther makers with such a mark\n" : "\nMakers with such a mark\n", out);
	for (uint32_t i = 0; i < trace->candidate_count; i++) {
		const struct tw_trace_candidate *one = &trace->candidates[i];
		char first[TW_INSTANT_BYTES], last[TW_INSTANT_BYTES];
		fputs("  ", out);
		tw_cell_pad(out, one->maker.len ? one->maker : tw_slice_str("(none stated)"), 33);
		fprintf(out, " %-10s ", match_words(one->match));
		fprintf(out, "%u sighting%s, %.10s to %.10s, reported %s\n", one->sightings, one->sightings == 1 ? "" : "s",
		        tw_instant_format(one->first_ms, first), tw_instant_format(one->last_ms, last), tw_trace_status_word(one->status));
	}
	if (trace->candidates_more) {
		fprintf(out, "  and %u more\n", trace->candidates_more);
	}
}

/* @param wanted 0: what is missing; 1: what is known; 2: what does not agree */
static bool identity_print(const struct tw_trace *trace, uint32_t wanted, const char *label, FILE *out)
{
	bool any = false;
	for (uint32_t i = 0; i < TW_IDENTITIES; i++) {
		const struct tw_trace_identity *identity = &trace->identity[i];
		if (wanted > 1 ? identity->count < 2 : identity->count != wanted) {
			continue;
		}
		if (any) {
			fputs("; ", out);
		} else {
			fprintf(out, "%-*s", LABEL, label);
		}
		any = true;
		fputs(identity_words((enum tw_identity)i), out);
		for (uint32_t k = 0; k < identity->count; k++) {
			fputs(k ? " or " : " ", out);
			cell(identity->value[k], out);
		}
	}
	if (any) {
		fputc('\n', out);
	}
	return any;
}

static void title_print(const struct tw_trace *trace, FILE *out)
{
	cell(trace->serial, out);
	fputs(", ", out);
	cell(trace->maker.len ? trace->maker : tw_slice_str("maker not stated"), out);
	if (trace->status) {
		fprintf(out, ": reported %s", tw_trace_status_word(trace->status));
	}
	fputs("\n\n", out);
}

void tw_trace_text(const struct tw_trace *trace, FILE *out)
{
	const struct tw_mark_sighting *sightings = trace->sightings.data;
	title_print(trace, out);
	for (uint32_t i = 0; i < trace->sightings.count; i++) {
		sighting_print(&sightings[i], out);
	}
	if (trace->sightings.count == 0) {
		bool other = tw_trace_is_known(trace);
		fputs(!other             ? "  Nothing is on record of it.\n"
		      : trace->maker.len ? "  Nothing is on record of it under that maker.\n"
		                         : "  Nobody stated it without its maker. Ask \"MAKER|SERIAL\" of one of these:\n",
		      out);
	}
	if (trace->partial) {
		fputs("  A record was full: its oldest sightings are gone.\n", out);
	}
	candidates_print(trace, out);
	fputc('\n', out);
	identity_print(trace, 1, "Identified by", out);
	identity_print(trace, 2, "Does not agree", out);
	if (!identity_print(trace, 0, "To identify it", out) && tw_trace_is_identified(trace)) {
		fprintf(out, "%-*snothing is missing\n", LABEL, "To identify it");
	}
}
