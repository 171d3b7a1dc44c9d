/**
 * @file list_xml.c
 * See list_xml.h. libxml2 pushes SAX2 events; the path of the open element is one text with the length it had at each depth, so that an end
 * cuts it back. A path that outgrows its room is nobody's: it and all below it match nothing.
 */
#include "feeds/list_xml.h"

#include <stdio.h>

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <tidewaiter/limits.h>

#include "feeds/list_text.h"

#define PUSH_BYTES (64 * 1024)
#define DEPTH_MAX  16
#define TEXT_MAX   (64U * 1024U) /* the longest text seen, a UK statement of reasons, has 3,204 bytes */
#define PATH_BYTES 192U          /* the longest path of a map has 98 bytes */
#define DATE_BYTES 10U           /* the day of an RFC 3339 instant, or dd/mm/yyyy */
#define NO_PATH    UINT32_MAX

/* How much the stage held when the entry started: what an entry that cannot stand is cut back to. */
struct mark {
	uint32_t entries, names, identifiers, countries, births, addresses, links;
	struct tw_list_report report;
};

struct reader {
	struct tw_list_xml xml; /* first: maps get it, the reader gets itself back */
	const struct tw_list_xml_map *map;
	const char *name;
	xmlParserCtxtPtr parser;
	enum tw_code code;
	struct tw_error *err;
	struct mark mark;
	uint32_t depth;
	bool in_entry;
	uint32_t base;        /* bytes of the path before the entry's own */
	uint32_t group_count; /* that are open, each inside the one before */
	uint32_t group_depth[TW_LIST_XML_GROUPS_MAX];
	uint32_t group[TW_LIST_XML_GROUPS_MAX];
	uint32_t path_len[DEPTH_MAX + 1]; /* at each depth; NO_PATH: too long */
	char path[PATH_BYTES];
	uint32_t text_len;
	char text[TEXT_MAX];
};

/* The first failure stays; the parser stops at the next event. */
static void fail(struct reader *reader, enum tw_code code, const char *what, const char *detail)
{
	if (reader->code != TW_OK) {
		return;
	}
	char where[TW_ERROR_WHERE_BYTES];
	int line = reader->parser ? xmlSAX2GetLineNumber(reader->parser) : 0;
	snprintf(where, sizeof(where), "%.230s:%d", reader->name, line > 0 ? line : 1);
	reader->code = tw_fail(reader->err, code, TW_REJECT, what, where, "%.*s", (int)strcspn(detail, "\n"), detail);
	if (reader->parser) {
		xmlStopParser(reader->parser);
	}
}

static void require(struct reader *reader, bool fits)
{
	if (!fits) {
		const char *limit = reader->xml.stage->limit;
		fail(reader, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? limit : "no memory for the list", "");
	}
}

static void on_error(void *user, xmlErrorPtr error)
{
	if (error->level >= XML_ERR_ERROR) {
		fail(user, error->code == XML_ERR_NO_MEMORY ? TW_E_MEMORY : TW_E_SYNTAX, "not well-formed XML", error->message ? error->message : "");
	}
}

static void on_document_type(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)external;
	(void)system;
	fail(user, TW_E_SYNTAX, "a document type, which no issued list has", (const char *)name);
}

/* The root is no part of a path. */
static void path_open(struct reader *reader, const char *element)
{
	uint32_t *length = &reader->path_len[reader->depth];
	if (reader->depth == 1) {
		*length = 0;
		return;
	}
	uint32_t before = reader->path_len[reader->depth - 1];
	size_t added = strlen(element) + 1;
	if (before == NO_PATH || added >= PATH_BYTES - before) {
		*length = NO_PATH;
		return;
	}
	snprintf(reader->path + before, PATH_BYTES - before, "/%s", element);
	*length = before + (uint32_t)added;
}

/* Is `wanted` the path of the open element below the entry, or below the root, with "@attribute" behind it where there is one? */
static bool path_is(const struct reader *reader, const char *wanted, const char *attribute)
{
	uint32_t length = reader->path_len[reader->depth], base = reader->in_entry ? reader->base : 0;
	if (length == NO_PATH) {
		return false;
	}
	uint32_t below = length > base ? length - base - 1 : 0;
	if (below && strncmp(wanted, reader->path + base + 1, below) != 0) {
		return false;
	}
	const char *rest = wanted + below;
	return attribute ? rest[0] == '@' && strcmp(rest + 1, attribute) == 0 : rest[0] == '\0' && below;
}

static const struct tw_list_xml_path *path_find(const struct reader *reader, const struct tw_list_xml_path *paths, const char *attribute)
{
	for (; paths->path; paths++) {
		if (path_is(reader, paths->path, attribute)) {
			return paths;
		}
	}
	return NULL;
}

static void date_set(struct reader *reader, struct tw_slice text)
{
	text.len = text.len > DATE_BYTES ? DATE_BYTES : text.len;
	reader->xml.stage->report.date = tw_arena_copy(&reader->xml.stage->arena, text);
	require(reader, reader->xml.stage->report.date.ptr);
}

/* "2026", then "2026-05", then "2026-05-21". */
static void date_part_set(struct reader *reader, struct tw_slice text)
{
	struct tw_list_report *report = &reader->xml.stage->report;
	if (text.len > 4 || report->date.len + text.len > DATE_BYTES) {
		return;
	}
	report->date = tw_arena_format(&reader->xml.stage->arena, "%.*s%s%s%.*s", (int)report->date.len, report->date.len ? report->date.ptr : "",
	                               report->date.len ? "-" : "", text.len == 1 ? "0" : "", (int)text.len, text.ptr);
	require(reader, report->date.ptr);
}

static void date_keep(struct reader *reader, const char *attribute, struct tw_slice text)
{
	if (reader->map->date && path_is(reader, reader->map->date, attribute)) {
		date_set(reader, text);
	}
	for (uint32_t i = 0; i < 3 && reader->map->date_parts[i]; i++) {
		if (path_is(reader, reader->map->date_parts[i], attribute)) {
			date_part_set(reader, text);
		}
	}
}

/* What the map knows of a text: a slot of the entry, or the list's date. */
static void text_keep(struct reader *reader, const char *attribute, struct tw_slice text)
{
	text = tw_list_trim(text);
	if (text.len == 0) {
		return;
	}
	if (!reader->in_entry) {
		date_keep(reader, attribute, text);
		return;
	}
	const struct tw_list_xml_path *field = path_find(reader, reader->map->fields, attribute);
	if (field) {
		struct tw_slice copy = tw_arena_copy(&reader->xml.stage->scratch, text);
		require(reader, copy.ptr);
		reader->xml.slot[field->number] = copy.ptr ? copy : (struct tw_slice){"", 0};
	}
}

/* libxml2 leaves an ampersand in an attribute as "&#38;" unless it replaces entities, which it must not: undone here, once. */
static uint32_t ampersands(char *text, uint32_t length)
{
	uint32_t out = 0;
	for (uint32_t i = 0; i < length; i++) {
		text[out++] = text[i];
		if (length - i >= 5 && memcmp(text + i, "&#38;", 5) == 0) {
			i += 4;
		}
	}
	return out;
}

/* Attributes without prefix: five pointers each (name, prefix, namespace, value, its end). */
static void attributes_read(struct reader *reader, int count, const xmlChar **attributes)
{
	for (int i = 0; i < count && reader->code == TW_OK; i++) {
		const xmlChar **five = attributes + 5 * i;
		size_t length = (size_t)(five[4] - five[3]);
		if (length > TEXT_MAX) {
			fail(reader, TW_E_LIMIT, "a text longer than any entry has", (const char *)five[0]);
		} else if (!five[1]) {
			memcpy(reader->text, five[3], length);
			text_keep(reader, (const char *)five[0], (struct tw_slice){reader->text, ampersands(reader->text, (uint32_t)length)});
		}
	}
}

static void clear_slots(struct reader *reader, uint32_t from)
{
	for (uint32_t slot = from; slot < TW_LIST_XML_SLOTS_MAX; slot++) {
		reader->xml.slot[slot] = (struct tw_slice){"", 0};
	}
}

static struct mark stage_mark(const struct tw_list_stage *stage)
{
	return (struct mark){
	    stage->entries.count, stage->names.count,     stage->identifiers.count, stage->countries.count,
	    stage->births.count,  stage->addresses.count, stage->links.count,       stage->report,
	};
}

static void stage_cut(struct tw_list_stage *stage, const struct mark *mark)
{
	stage->entries.count = mark->entries;
	stage->names.count = mark->names;
	stage->identifiers.count = mark->identifiers;
	stage->countries.count = mark->countries;
	stage->births.count = mark->births;
	stage->addresses.count = mark->addresses;
	stage->links.count = mark->links;
	stage->report = mark->report;
}

static const char *record_find(const struct tw_list_xml_map *map, const char *element)
{
	for (const char *const *record = map->records; record && *record; record++) {
		if (strcmp(*record, element) == 0) {
			return *record;
		}
	}
	return NULL;
}

static void start_entry(struct reader *reader, const char *element)
{
	const struct tw_list_xml_entry *kind = reader->map->entries;
	while (kind->element && strcmp(kind->element, element) != 0) {
		kind++;
	}
	const char *record = kind->element ? NULL : record_find(reader->map, element);
	if (!kind->element && !record) {
		return;
	}
	if (reader->path_len[reader->depth] == NO_PATH) {
		fail(reader, TW_E_LIMIT, "an entry below elements whose names have no end", element);
		return;
	}
	struct tw_list_xml *xml = &reader->xml;
	tw_arena_reset(&xml->stage->scratch);
	clear_slots(reader, 0);
	reader->in_entry = true;
	reader->base = reader->path_len[reader->depth];
	reader->mark = stage_mark(xml->stage);
	xml->line = (uint32_t)xmlSAX2GetLineNumber(reader->parser);
	xml->unfit = NULL;
	xml->unfit_detail = "";
	xml->name_rank = 0;
	xml->record = record;
	if (record) {
		return;
	}
	require(reader, tw_list_stage_entry(xml->stage, (struct tw_slice){"", 0}, kind->kind, xml->line, &xml->entry));
}

static void start_group(struct reader *reader)
{
	if (reader->group_count && (!reader->map->group_from || reader->group_count == TW_LIST_XML_GROUPS_MAX)) {
		return;
	}
	const struct tw_list_xml_path *group = path_find(reader, reader->map->groups, NULL);
	if (group) {
		reader->group[reader->group_count] = group->number;
		reader->group_depth[reader->group_count++] = reader->depth;
		clear_slots(reader, reader->map->group_from ? reader->map->group_from[group->number] : reader->map->group_slots);
	}
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces, const xmlChar **namespace, int count,
                     int defaulted, const xmlChar **attributes)
{
	(void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)defaulted;
	struct reader *reader = user;
	const char *element = (const char *)name;
	if (++reader->depth > DEPTH_MAX) {
		fail(reader, TW_E_LIMIT, "elements nested deeper than the list's schema", element);
		return;
	}
	path_open(reader, element);
	if (reader->depth == 1 && strcmp(element, reader->map->root) != 0) {
		fail(reader, TW_E_SYNTAX, reader->map->other, element);
	} else if (reader->depth == reader->map->depth) {
		start_entry(reader, element);
	} else if (reader->in_entry) {
		start_group(reader);
	}
	attributes_read(reader, count, attributes);
	reader->text_len = 0;
}

static void on_text(void *user, const xmlChar *text, int length)
{
	struct reader *reader = user;
	if (reader->code != TW_OK || length <= 0 || (!reader->in_entry && !reader->map->date && !reader->map->date_parts[0])) {
		return;
	}
	if ((uint32_t)length > TEXT_MAX - reader->text_len) {
		fail(reader, TW_E_LIMIT, "a text longer than any entry has", "");
		return;
	}
	memcpy(reader->text + reader->text_len, text, (size_t)length);
	reader->text_len += (uint32_t)length;
}

static void end_entry(struct reader *reader)
{
	struct tw_list_xml *xml = &reader->xml;
	reader->in_entry = false;
	bool fits = reader->map->entry_end(xml);
	if (xml->record) {
		require(reader, fits);
	} else if (xml->unfit && reader->map->strict) {
		fail(reader, TW_E_MISSING, xml->unfit, xml->unfit_detail);
	} else if (xml->unfit) {
		stage_cut(xml->stage, &reader->mark);
		tw_list_stage_skip(xml->stage, xml->unfit, xml->line, true);
	} else {
		require(reader, fits);
		tw_list_stage_count(xml->stage, tw_list_stage_entry_at(xml->stage, xml->entry)->kind);
	}
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)name, (void)prefix, (void)uri;
	struct reader *reader = user;
	if (reader->code == TW_OK) {
		text_keep(reader, NULL, (struct tw_slice){reader->text, reader->text_len});
	}
	if (reader->code == TW_OK && reader->in_entry) {
		if (reader->group_count && reader->depth == reader->group_depth[reader->group_count - 1]) {
			reader->group_count--;
			require(reader, reader->map->group_end(&reader->xml, reader->group[reader->group_count]));
		} else if (reader->depth == reader->map->depth) {
			end_entry(reader);
		}
	}
	reader->text_len = 0;
	reader->depth--;
}

static void parse(struct reader *reader, struct tw_slice bytes)
{
	for (uint32_t at = 0; at < bytes.len && reader->code == TW_OK;) {
		uint32_t left = bytes.len - at, size = left < PUSH_BYTES ? left : PUSH_BYTES;
		xmlParseChunk(reader->parser, bytes.ptr + at, (int)size, 0);
		at += size;
	}
	if (reader->code == TW_OK) {
		xmlParseChunk(reader->parser, "", 0, 1);
	}
	if (reader->code == TW_OK && (!reader->parser->wellFormed || reader->depth)) {
		fail(reader, TW_E_SYNTAX, "not well-formed XML", "the document ends early");
	}
}

enum tw_code tw_list_xml_load(const struct tw_list_xml_map *map, struct tw_list_stage *stage, const struct tw_list_file *file, struct tw_error *err)
{
	xmlSAXHandler handler = {
	    .initialized = XML_SAX2_MAGIC,
	    .internalSubset = on_document_type,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .cdataBlock = on_text,
	    .serror = on_error,
	};
	struct reader *reader = tw_arena_alloc_raw(&stage->arena, sizeof(*reader));
	if (!reader) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", file->name, NULL);
	}
	*reader = (struct reader){.xml = {.stage = stage, .own = map->own}, .map = map, .name = file->name, .err = err};
	reader->parser = xmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL);
	if (!reader->parser) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the XML parser", file->name, NULL);
	}
	xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
	parse(reader, file->bytes);
	xmlFreeDoc(reader->parser->myDoc);
	xmlFreeParserCtxt(reader->parser);
	return reader->code;
}

struct tw_slice tw_list_xml_join(struct tw_list_xml *xml, uint32_t from, uint32_t last)
{
	struct tw_slice joined = {"", 0};
	for (uint32_t slot = from; slot <= last && joined.ptr; slot++) {
		struct tw_slice part = xml->slot[slot];
		if (part.len) {
			joined = tw_arena_format(&xml->stage->scratch, "%.*s%s%.*s", (int)joined.len, joined.ptr, joined.len ? " " : "",
			                         (int)part.len, part.ptr);
		}
	}
	return joined;
}

static bool holds(struct tw_slice text, const char *between, struct tw_slice part)
{
	size_t gap = strlen(between);
	for (uint32_t at = 0; at + part.len <= text.len; at++) {
		bool head = at == 0 || (at >= gap && memcmp(text.ptr + at - gap, between, gap) == 0);
		bool tail = at + part.len == text.len || (at + part.len + gap <= text.len && memcmp(text.ptr + at + part.len, between, gap) == 0);
		if (head && tail && memcmp(text.ptr + at, part.ptr, part.len) == 0) {
			return true;
		}
	}
	return false;
}

bool tw_list_xml_append(struct tw_list_xml *xml, uint32_t slot, const char *between, struct tw_slice text)
{
	struct tw_slice *held = &xml->slot[slot];
	if (text.len == 0 || (held->len && holds(*held, between, text))) {
		return true;
	}
	struct tw_slice joined =
	    tw_arena_format(&xml->stage->scratch, "%.*s%s%.*s", (int)held->len, held->ptr, held->len ? between : "", (int)text.len, text.ptr);
	*held = joined.ptr ? joined : *held;
	return joined.ptr != NULL;
}

bool tw_list_xml_name(struct tw_list_xml *xml, struct tw_slice text, enum tw_name_quality quality, uint32_t rank)
{
	uint32_t at = xml->stage->names.count;
	if (!tw_list_stage_name(xml->stage, xml->entry, text, quality)) {
		return false;
	}
	if (xml->stage->names.count > at && rank > xml->name_rank) {
		xml->name_rank = rank;
		xml->name_at = at;
	}
	return true;
}

bool tw_list_xml_primary(struct tw_list_xml *xml)
{
	if (xml->name_rank == 0) {
		return false;
	}
	((struct tw_stage_name *)xml->stage->names.data)[xml->name_at].name.quality = TW_NAME_PRIMARY;
	return true;
}

bool tw_list_xml_imo(struct tw_list_xml *xml, struct tw_slice number)
{
	while (number.len && !(number.ptr[0] >= '0' && number.ptr[0] <= '9')) {
		number.ptr++;
		number.len--;
	}
	enum tw_entry_kind kind = tw_list_stage_entry_at(xml->stage, xml->entry)->kind;
	const char *checked = tw_list_imo_scheme(number, kind);
	const char *scheme = checked ? checked : kind == TW_ENTRY_VESSEL ? "imo" : "imo_company";
	return tw_list_stage_identifier(xml->stage, xml->entry, scheme, number, (struct tw_slice){"", 0});
}

bool tw_list_xml_identify(struct tw_list_xml *xml, struct tw_slice id, struct tw_slice programme)
{
	struct tw_stage_entry *entry = tw_list_stage_entry_at(xml->stage, xml->entry);
	entry->id = tw_arena_copy(&xml->stage->arena, id);
	entry->programme = tw_arena_copy(&xml->stage->arena, programme);
	return entry->id.ptr && entry->programme.ptr;
}

void tw_list_xml_skip(struct tw_list_xml *xml, const char *reason)
{
	tw_list_stage_skip(xml->stage, reason, xml->line, false);
}
