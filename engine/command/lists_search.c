/**
 * @file lists_search.c
 * `tidewaiter lists search NAME`: hits with everything that explains them, and for a miss what the name was read as.
 */
#include <inttypes.h>


#include "engine/base/time.h"
#include "engine/command/lists_command.h"
#include "engine/command/lists_nearest.h"
#include "engine/run/worker.h"
#include "feeds/name.h"

struct showing {
	const struct tw_lists_loaded *loaded;
	const struct tw_lists_request *request;
	struct tw_lists_query query;
	struct tw_slice asked; /* as it was typed */
	struct tw_arena *arena;
	FILE *out;
};

static void line_show(const struct showing *showing, const char *what, struct tw_slice text)
{
	if (text.len) {
		fprintf(showing->out, "      %-14s %.*s\n", what, (int)text.len, text.ptr);
	}
}

/* A field's texts: on one line, or each on its own. */
static void field_show(const struct showing *showing, const struct tw_list_entry *entry, enum tw_list_field field, bool lines)
{
	struct tw_list texts;
	if (!tw_list_field_texts(entry, field, showing->arena, &texts) || !texts.count) {
		return;
	}
	const struct tw_slice *text = texts.data;
	for (uint32_t i = 0; i < texts.count; i++) {
		if (i == 0 || lines) {
			fprintf(showing->out, "      %-14s ", i ? "" : tw_list_field_name(field));
		}
		fprintf(showing->out, "%.*s%s", (int)text[i].len, text[i].ptr, lines || i + 1 == texts.count ? "\n" : ", ");
	}
}

static void feature_show(const struct showing *showing, const char *what, enum tw_agreement agreement)
{
	if (agreement != TW_NOT_ASKED) {
		line_show(showing, what, tw_slice_str(tw_agreement_name(agreement)));
	}
}

static void listed_show(const struct showing *showing, const struct tw_lists_hit *hit)
{
	static const char *const words[] = {"", "listed on that day", "whether it was listed on that day is not known: the issuer does not state it",
	                                    "not listed yet on that day", "not listed any more on that day"};
	line_show(showing, "on the day", tw_slice_str(words[hit->listed]));
	field_show(showing, &hit->entry, TW_LIST_LISTED_ON, false);
	field_show(showing, &hit->entry, TW_LIST_REMOVED_ON, false);
}

static void known_show(const struct showing *showing, const struct tw_known_good_row *known, const char *means)
{
	char decided[TW_DATE_BYTES], expires[TW_DATE_BYTES] = "";
	if (!known) {
		return;
	}
	bool ends = known->expires_day != TW_KNOWN_GOOD_FOREVER;
	fprintf(showing->out, "      %-14s %s: %.*s (%.*s, %s%s%s; line %" PRIu32 ")\n", "known good", means, (int)known->reason.len,
	        known->reason.ptr, (int)known->author.len, known->author.ptr, tw_date_format(known->decided_day, decided), ends ? ", until " : "",
	        ends ? tw_date_format(known->expires_day, expires) : "", known->line);
}

static void agrees_show(const struct showing *showing, const struct tw_match *match)
{
	if (match->basis == TW_MATCH_IDENTIFIER) {
		fprintf(showing->out, "      %-14s %.*s %.*s\n", "number", (int)match->scheme.len, match->scheme.ptr, (int)match->name.len,
		        match->name.ptr);
		return;
	}
	if (match->basis == TW_MATCH_ADDRESS) {
		fprintf(showing->out, "      %-14s %.*s\n", "place", (int)match->name.len, match->name.ptr);
		return;
	}
	fprintf(showing->out, "      %-14s %.*s (%s)\n", "name that hit", (int)match->name.len, match->name.ptr,
	        tw_name_quality_name(match->quality));
}

/* What the similarity is made of: "names +912000, country +40000". */
static void parts_show(const struct showing *showing, const struct tw_match *match)
{
	for (uint32_t i = 0; i < match->part_count; i++) {
		fprintf(showing->out, "%s%s %+" PRId32, i ? ", " : "      made of        ", match->part[i].feature, match->part[i].ppm);
	}
	fputs(match->part_count ? "\n" : "", showing->out);
}

static void hit_show(const struct showing *showing, const struct tw_lists_hit *hit)
{
	const struct tw_match *match = &hit->match;
	bool color = showing->request->color;
	struct tw_slice primary = hit->entry.name_count ? tw_list_entry_name(&hit->entry, 0).text : match->name;
	fprintf(showing->out, "%s%3" PRIu32 ".%04" PRIu32 "%%  %.*s %.*s  %s  %.*s%s\n", color ? "\x1b[1m" : "", match->similarity_ppm / 10000,
	        match->similarity_ppm % 10000, (int)match->list.len, match->list.ptr, (int)match->entry.len, match->entry.ptr,
	        tw_entry_kind_name(match->kind), (int)primary.len, primary.ptr, color ? "\x1b[0m" : "");
	agrees_show(showing, match);
	parts_show(showing, match);
	feature_show(showing, "country", hit->country);
	feature_show(showing, "birth", hit->birth);
	feature_show(showing, "address", hit->address);
	field_show(showing, &hit->entry, TW_LIST_PROGRAMME, false);
	field_show(showing, &hit->entry, TW_LIST_MEASURES, false);
	field_show(showing, &hit->entry, TW_LIST_COUNTRIES, false);
	field_show(showing, &hit->entry, TW_LIST_BIRTHS, false);
	listed_show(showing, hit);
	known_show(showing, hit->known, "not shown by screening");
	known_show(showing, hit->known_expired, "a decision that has expired and hides nothing");
	if (showing->request->all) {
		field_show(showing, &hit->entry, TW_LIST_NAMES, true);
		field_show(showing, &hit->entry, TW_LIST_IDENTIFIERS, true);
		field_show(showing, &hit->entry, TW_LIST_ADDRESSES, true);
		field_show(showing, &hit->entry, TW_LIST_LINKS, true);
	}
}

static void tokens_show(const struct showing *showing)
{
	struct tw_name_tokens tokens;
	if (!tw_name_split(showing->query.name, showing->arena, &tokens)) {
		return;
	}
	fprintf(showing->out, "  compared as    ");
	for (uint32_t i = 0; i < tokens.count; i++) {
		fprintf(showing->out, "%s%.*s", i ? " | " : "", (int)tokens.token[i].text.len, tokens.token[i].text.ptr);
	}
	fputs(tokens.count == 0   ? "nothing: there is no letter and no digit in it\n"
	      : tokens.overflow   ? " ... and more words than a name may have: it meets nothing\n"
	      : tokens.count == 1 ? "  (one word: it meets only names that are that word)\n"
	                          : "\n",
	      showing->out);
}

/* Why not? */
static void miss_show(const struct showing *showing)
{
	struct tw_lists_near near[TW_LISTS_NEAR_MAX];
	if (!showing->query.name.len) {
		fprintf(showing->out, "  asked as       the number %.*s of scheme %.*s: it hits whole or not at all\n",
		        (int)showing->query.number.asked.value.len, showing->query.number.asked.value.ptr,
		        (int)showing->query.number.asked.scheme.len, showing->query.number.asked.scheme.ptr);
		return;
	}
	tokens_show(showing);
	uint32_t count = tw_lists_nearest(showing->loaded->index, &showing->query, showing->arena, near);
	fprintf(showing->out, count ? "  nearest, not near enough:\n" : "  nothing that is listed shares a word with it\n");
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_list_entry *entry = &near[i].entry;
		fprintf(showing->out, "    %.*s %.*s  %s  %.*s  (%" PRIu32 " of %" PRIu32 " words)\n", (int)entry->list.len, entry->list.ptr,
		        (int)entry->id.len, entry->id.ptr, tw_entry_kind_name(entry->kind), (int)near[i].name.len, near[i].name.ptr, near[i].shared,
		        near[i].words);
	}
}

static void answer_show(const struct showing *showing, const struct tw_lists_answer *answer)
{
	struct tw_list_stat stat = tw_list_index_stat(showing->loaded->index);
	fprintf(showing->out, "%" PRIu32 " hit%s for \"%.*s\" in %" PRIu32 " entries with %" PRIu32 " names of %" PRIu32 " list%s\n", answer->found,
	        answer->found == 1 ? "" : "s", (int)showing->asked.len, showing->asked.ptr, stat.entries, stat.names, stat.lists,
	        stat.lists == 1 ? "" : "s");
	if (showing->query.number.doubt) {
		fprintf(showing->out, "  doubtful       %s\n", showing->query.number.doubt);
	}
	for (uint32_t i = 0; i < answer->count; i++) {
		hit_show(showing, &answer->hit[i]);
	}
	if (answer->found > answer->count) {
		fprintf(showing->out, "%" PRIu32 " more; --limit 0 shows all\n", answer->found - answer->count);
	}
	if (answer->aside_count) {
		fprintf(showing->out, "set aside: %" PRIu32 "\n", answer->aside_count);
	}
	for (uint32_t i = 0; i < answer->aside_count; i++) {
		hit_show(showing, &answer->aside[i]);
	}
	if (!answer->found && !answer->aside_count) {
		miss_show(showing);
	}
}

static enum tw_code answer_json(const struct showing *showing, const struct tw_lists_answer *answer, struct tw_error *err)
{
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, showing->arena);
	tw_json_object(&json);
	tw_json_text_member(&json, showing->query.name.len ? "name" : "identifier", showing->asked);
	tw_lists_answer_json(&json, &showing->query, answer, showing->request->all, showing->arena);
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(showing->out, "%.*s\n", (int)text.len, text.ptr);
	}
	return code;
}

/* Words without quotes around them are one name all the same. */
static struct tw_slice name_join(const struct tw_lists_request *request, struct tw_arena *arena)
{
	struct tw_slice name = tw_slice_str(request->words[1]);
	for (uint32_t i = 2; name.ptr && i < request->word_count; i++) {
		name = tw_arena_format(arena, "%s %s", name.ptr, request->words[i]);
	}
	return name;
}

static int name_search(struct showing *showing)
{
	struct tw_lists_answer answer;
	struct tw_error err;
	showing->asked = showing->query.name = name_join(showing->request, showing->arena);
	struct tw_lists_number number;
	if (tw_lists_number_meant(showing->asked, &number)) {
		showing->query.name = (struct tw_slice){"", 0};
		showing->query.number = number;
	} else if (tw_lists_number_read(showing->asked, &number)) { /* a number alone is asked as a name is, under every scheme */
		showing->query.number.doubt = number.doubt;
	}
	showing->query.memo = showing->loaded->memo;
	enum tw_code code = tw_lists_ask(showing->loaded->index, showing->loaded->known_good, &showing->query, showing->arena, &answer, &err);
	if (code == TW_OK && showing->request->json) {
		code = answer_json(showing, &answer, &err);
	} else if (code == TW_OK) {
		answer_show(showing, &answer);
	}
	if (code != TW_OK) {
		return err.code == TW_E_LIMIT ? (tw_lists_complain(&err), TW_EXIT_USAGE) : tw_lists_complain(&err);
	}
	return answer.found ? TW_EXIT_OK : TW_EXIT_NO_HIT;
}

static bool kind_asked(const struct tw_lists_query *query, enum tw_entry_kind kind)
{
	return query->any_kind || kind == query->kind;
}

/* --on without a name: the list as it stood that day. */
static int day_search(const struct showing *showing)
{
	uint32_t found = 0, unknown = 0, past = 0;
	struct tw_list_entry entry;
	for (uint32_t rank = 0; tw_list_index_at(showing->loaded->index, rank, &entry); rank++) {
		enum tw_listed listed = tw_list_entry_on(&entry, showing->query.on);
		if (!kind_asked(&showing->query, entry.kind)) {
			continue;
		}
		if (listed == TW_LISTED_NOT_YET || listed == TW_LISTED_NO_MORE) {
			past++;
			continue;
		}
		found++;
		unknown += listed == TW_LISTED_UNKNOWN;
		if (!showing->query.limit || found <= showing->query.limit) {
			struct tw_slice name = tw_list_entry_name(&entry, 0).text;
			fprintf(showing->out, "%.*s %.*s  %s  %.*s%s\n", (int)entry.list.len, entry.list.ptr, (int)entry.id.len, entry.id.ptr,
			        tw_entry_kind_name(entry.kind), (int)name.len, name.ptr,
			        listed == TW_LISTED_UNKNOWN ? "  (day of listing not stated)" : "");
		}
	}
	fprintf(showing->out,
	        "%" PRIu32 " entries were listed on %s; of %" PRIu32 " of them the day of listing is not stated; %" PRIu32
	        " of the lists were not listed then\n"
	        "what an issuer has taken off is in the edition of that day alone, unless its list states removals: --list ID=FORMAT:PATH names it\n",
	        found, showing->request->on, unknown, past);
	return found ? TW_EXIT_OK : TW_EXIT_NO_HIT;
}

int tw_lists_search(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out)
{
	if (request->batch) {
		return tw_lists_batch(settings, request, out);
	}
	struct tw_lists_loaded loaded;
	struct tw_error err;
	enum tw_code code = tw_lists_begin(settings, request, &loaded, &err);
	code = code == TW_OK ? tw_lists_load(settings, &loaded, &err) : code;
	struct showing showing = {.loaded = &loaded, .request = request, .query = request->query, .arena = &loaded.arena, .out = out};
	int result = code != TW_OK ? tw_lists_complain(&err) : request->word_count > 1 ? name_search(&showing) : day_search(&showing);
	tw_lists_end(&loaded);
	return result;
}
