/**
 * @file un_xml.c
 * The UN Security Council consolidated list, from its own XML.
 *
 *     CONSOLIDATED_LIST dateGenerated=…         depth 1
 *       INDIVIDUALS | ENTITIES                        2
 *         INDIVIDUAL | ENTITY                         3   one entry
 *           FIRST_NAME … COMMENTS1                    4   a field
 *           INDIVIDUAL_ALIAS | NATIONALITY | …        4   a group, used up where it ends
 *             QUALITY, ALIAS_NAME, VALUE, …           5   a field of the group
 *
 * SAX2 pushes; a table says which text goes into which slot; an entry's slots are read where the entry ends, so the order of elements
 * does not matter. Nothing is ever fetched (NONET), a document type is refused before it can declare an entity, and depth, text and
 * whole size are bounded.
 *
 * Source: UN Security Council, consolidated list XML, schema sc-sanctions.xsd as the files of 2020 and 2026 use it.
 */
#include <stdio.h>

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <tidewaiter/limits.h>

#include "feeds/list_loader.h"
#include "feeds/list_text.h"

#define PUSH_BYTES (64 * 1024)
#define DEPTH_MAX  16
#define TEXT_MAX   (64U * 1024U) /* the longest comment has 1,723 bytes */

enum slot {
	NAME_1,
	NAME_2,
	NAME_3,
	NAME_4,
	ORIGINAL_NAME,
	PROGRAMME,
	REFERENCE,
	COMMENTS,
	ENTRY_SLOTS, /* those above live as long as the entry, those below as long as their group */
	ALIAS_QUALITY = ENTRY_SLOTS,
	ALIAS_NAME,
	NATION,
	COUNTRY,
	DOCUMENT_TYPE,
	DOCUMENT_TYPE_2,
	DOCUMENT_NUMBER,
	DOCUMENT_COUNTRY,
	SLOTS,
};

enum group { NO_GROUP = 0, ALIAS, NATIONALITY, ADDRESS, DOCUMENT, OTHER_GROUP };

static const struct {
	const char *element;
	enum group group;
} groups[] = {
    {"INDIVIDUAL_ALIAS", ALIAS},     {"ENTITY_ALIAS", ALIAS},     {"NATIONALITY", NATIONALITY},
    {"INDIVIDUAL_ADDRESS", ADDRESS}, {"ENTITY_ADDRESS", ADDRESS}, {"INDIVIDUAL_DOCUMENT", DOCUMENT},
};

static const struct {
	const char *element;
	enum group group;
	enum slot slot;
} fields[] = {
    {"FIRST_NAME", NO_GROUP, NAME_1},
    {"SECOND_NAME", NO_GROUP, NAME_2},
    {"THIRD_NAME", NO_GROUP, NAME_3},
    {"FOURTH_NAME", NO_GROUP, NAME_4},
    {"NAME_ORIGINAL_SCRIPT", NO_GROUP, ORIGINAL_NAME},
    {"UN_LIST_TYPE", NO_GROUP, PROGRAMME},
    {"REFERENCE_NUMBER", NO_GROUP, REFERENCE},
    {"COMMENTS1", NO_GROUP, COMMENTS},
    {"QUALITY", ALIAS, ALIAS_QUALITY},
    {"ALIAS_NAME", ALIAS, ALIAS_NAME},
    {"VALUE", NATIONALITY, NATION},
    {"COUNTRY", ADDRESS, COUNTRY},
    {"TYPE_OF_DOCUMENT", DOCUMENT, DOCUMENT_TYPE},
    {"TYPE_OF_DOCUMENT2", DOCUMENT, DOCUMENT_TYPE_2},
    {"NUMBER", DOCUMENT, DOCUMENT_NUMBER},
    {"ISSUING_COUNTRY", DOCUMENT, DOCUMENT_COUNTRY},
    {"COUNTRY_OF_ISSUE", DOCUMENT, DOCUMENT_COUNTRY},
};

struct reader {
	struct tw_list_stage *stage;
	const char *name;
	xmlParserCtxtPtr parser;
	enum tw_code code;
	struct tw_error *err;
	uint32_t depth;
	bool in_entry;
	uint32_t entry;
	enum group group;
	bool group_has_text;
	struct tw_slice slot[SLOTS];
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
		const char *limit = reader->stage->limit;
		fail(reader, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? limit : "no memory for the list", "");
	}
}

static void on_error(void *user, xmlErrorPtr error)
{
	struct reader *reader = user;
	if (error->level >= XML_ERR_ERROR) {
		fail(reader, error->code == XML_ERR_NO_MEMORY ? TW_E_MEMORY : TW_E_SYNTAX, "not well-formed XML",
		     error->message ? error->message : "");
	}
}

static void on_document_type(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)external;
	(void)system;
	fail(user, TW_E_SYNTAX, "a document type, which no issued list has", (const char *)name);
}

/* Value of an attribute without prefix: xmlParser hands them over as five pointers each. */
static struct tw_slice attribute(int count, const xmlChar **attributes, const char *name)
{
	for (int i = 0; i < count; i++) {
		const xmlChar **five = attributes + 5 * i;
		if (!five[1] && strcmp((const char *)five[0], name) == 0) {
			return (struct tw_slice){(const char *)five[3], (uint32_t)(five[4] - five[3])};
		}
	}
	return (struct tw_slice){"", 0};
}

static void start_root(struct reader *reader, const char *element, int count, const xmlChar **attributes)
{
	if (strcmp(element, "CONSOLIDATED_LIST") != 0) {
		fail(reader, TW_E_SYNTAX, "not the UN consolidated list", element);
		return;
	}
	struct tw_slice generated = attribute(count, attributes, "dateGenerated");
	generated.len = generated.len > 10 ? 10 : generated.len; /* the day of an RFC 3339 instant */
	reader->stage->report.date = tw_arena_copy(&reader->stage->arena, generated);
	require(reader, reader->stage->report.date.ptr);
}

static void clear_slots(struct reader *reader, enum slot from)
{
	for (enum slot slot = from; slot < SLOTS; slot++) {
		reader->slot[slot] = (struct tw_slice){"", 0};
	}
}

static void start_entry(struct reader *reader, const char *element)
{
	bool individual = strcmp(element, "INDIVIDUAL") == 0;
	if (!individual && strcmp(element, "ENTITY") != 0) {
		return;
	}
	tw_arena_reset(&reader->stage->scratch);
	clear_slots(reader, 0);
	reader->in_entry = true;
	enum tw_entry_kind kind = individual ? TW_ENTRY_PERSON : TW_ENTRY_ORGANISATION;
	require(reader,
	        tw_list_stage_entry(reader->stage, (struct tw_slice){"", 0}, kind, (uint32_t)xmlSAX2GetLineNumber(reader->parser), &reader->entry));
}

static void start_group(struct reader *reader, const char *element)
{
	reader->group = NO_GROUP;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (strcmp(element, groups[i].element) == 0) {
			reader->group = groups[i].group;
		}
	}
	reader->group_has_text = false;
	clear_slots(reader, ENTRY_SLOTS);
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces, const xmlChar **namespace, int count,
                     int defaulted, const xmlChar **attributes)
{
	(void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)defaulted;
	struct reader *reader = user;
	const char *element = (const char *)name;
	reader->text_len = 0;
	if (++reader->depth > DEPTH_MAX) {
		fail(reader, TW_E_LIMIT, "elements nested deeper than the list's schema", element);
	} else if (reader->depth == 1) {
		start_root(reader, element, count, attributes);
	} else if (reader->depth == 3) {
		start_entry(reader, element);
	} else if (reader->depth == 4 && reader->in_entry) {
		start_group(reader, element);
	}
}

static void on_text(void *user, const xmlChar *text, int length)
{
	struct reader *reader = user;
	if (!reader->in_entry || length <= 0) {
		return;
	}
	if ((uint32_t)length > TEXT_MAX - reader->text_len) {
		fail(reader, TW_E_LIMIT, "a text longer than any entry has", "");
		return;
	}
	memcpy(reader->text + reader->text_len, text, (size_t)length);
	reader->text_len += (uint32_t)length;
}

static struct tw_slice kept(struct reader *reader, struct tw_slice text)
{
	struct tw_slice copy = tw_arena_copy(&reader->stage->scratch, text);
	require(reader, copy.ptr);
	return copy;
}

static void end_field(struct reader *reader, const char *element, enum group group)
{
	struct tw_slice text = tw_list_trim((struct tw_slice){reader->text, reader->text_len});
	if (text.len == 0) {
		return;
	}
	reader->group_has_text = true;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].group == group && strcmp(fields[i].element, element) == 0) {
			reader->slot[fields[i].slot] = kept(reader, text);
		}
	}
	if (group == NATIONALITY) { /* the one group that repeats its field */
		require(reader, tw_list_stage_country(reader->stage, reader->entry, reader->slot[NATION]));
	}
}

static void end_alias(struct reader *reader)
{
	struct tw_slice quality = reader->slot[ALIAS_QUALITY];
	enum tw_name_quality grade = tw_slice_is(quality, "Low") ? TW_NAME_WEAK : tw_slice_is(quality, "f.k.a.") ? TW_NAME_FORMER : TW_NAME_STRONG;
	if (reader->slot[ALIAS_NAME].len == 0) {
		reader->stage->report.blank_names++;
		return;
	}
	require(reader, tw_list_stage_names(reader->stage, reader->entry, reader->slot[ALIAS_NAME], grade));
}

static bool starts_folded(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	return text.len >= length && xmlStrncasecmp((const xmlChar *)text.ptr, (const xmlChar *)word, (int)length) == 0;
}

/* "Passport", "Numéro de passeport", "Número de pasaporte"; "National Identification Number"; of the second kind, a tax code. */
static const char *document_scheme(const struct reader *reader)
{
	struct tw_slice type = reader->slot[DOCUMENT_TYPE], second = reader->slot[DOCUMENT_TYPE_2];
	if (starts_folded(type, "pass") || starts_folded(type, "num") || starts_folded(type, "n\xc3\xbam")) {
		return "passport";
	}
	return starts_folded(second, "italian fiscal") ? "tax" : "national_id";
}

static void end_document(struct reader *reader)
{
	/* where the number's own element is empty it may stand in the second type: "(tazkira) number 545167" */
	struct tw_slice number = reader->slot[DOCUMENT_NUMBER].len ? reader->slot[DOCUMENT_NUMBER] : reader->slot[DOCUMENT_TYPE_2];
	require(reader, tw_list_stage_identifier(reader->stage, reader->entry, document_scheme(reader), tw_list_number_in(number),
	                                         reader->slot[DOCUMENT_COUNTRY]));
}

static void end_group(struct reader *reader)
{
	switch (reader->group) {
	case ALIAS:
		end_alias(reader);
		break;
	case ADDRESS:
		reader->stage->report.addresses += reader->group_has_text;
		require(reader, tw_list_stage_country(reader->stage, reader->entry, reader->slot[COUNTRY]));
		break;
	case DOCUMENT:
		end_document(reader);
		break;
	case NATIONALITY:
	case NO_GROUP:
	case OTHER_GROUP:
		break;
	}
	reader->group = NO_GROUP;
}

/* "IMO number: 8412467", "Company Number IMO 5434358": those that check. */
static void find_imo_numbers(struct reader *reader, struct tw_slice text)
{
	enum tw_entry_kind kind = tw_list_stage_entry_at(reader->stage, reader->entry)->kind;
	uint32_t at = 0;
	for (struct tw_slice number = tw_list_imo_next(text, &at); number.len; number = tw_list_imo_next(text, &at)) {
		const char *scheme = tw_list_imo_scheme(number, kind);
		if (scheme) {
			require(reader, tw_list_stage_identifier(reader->stage, reader->entry, scheme, number, (struct tw_slice){"", 0}));
		}
	}
}

static struct tw_slice joined_name(struct reader *reader)
{
	struct tw_slice joined =
	    tw_arena_format(&reader->stage->scratch, "%.*s %.*s %.*s %.*s", (int)reader->slot[NAME_1].len, reader->slot[NAME_1].ptr,
	                    (int)reader->slot[NAME_2].len, reader->slot[NAME_2].ptr, (int)reader->slot[NAME_3].len, reader->slot[NAME_3].ptr,
	                    (int)reader->slot[NAME_4].len, reader->slot[NAME_4].ptr);
	require(reader, joined.ptr);
	return tw_list_squeeze(joined, &reader->stage->scratch);
}

static void end_entry(struct reader *reader)
{
	struct tw_list_stage *stage = reader->stage;
	reader->in_entry = false;
	struct tw_slice name = joined_name(reader);
	if (reader->slot[REFERENCE].len == 0) {
		fail(reader, TW_E_MISSING, "an entry without REFERENCE_NUMBER", name.len ? name.ptr : "");
	} else if (name.len == 0) {
		fail(reader, TW_E_MISSING, "an entry without a name", reader->slot[REFERENCE].ptr);
	}
	if (reader->code != TW_OK) {
		return;
	}
	struct tw_stage_entry *entry = tw_list_stage_entry_at(stage, reader->entry);
	entry->id = tw_arena_copy(&stage->arena, reader->slot[REFERENCE]);
	entry->programme = tw_arena_copy(&stage->arena, reader->slot[PROGRAMME]);
	require(reader, entry->id.ptr && entry->programme.ptr && tw_list_stage_names(stage, reader->entry, name, TW_NAME_PRIMARY) &&
	                    tw_list_stage_names(stage, reader->entry, reader->slot[ORIGINAL_NAME], TW_NAME_ORIGINAL_SCRIPT));
	find_imo_numbers(reader, reader->slot[COMMENTS]);
	stage->report.persons += entry->kind == TW_ENTRY_PERSON;
	stage->report.organisations += entry->kind == TW_ENTRY_ORGANISATION;
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)prefix, (void)uri;
	struct reader *reader = user;
	uint32_t depth = reader->depth--;
	if (!reader->in_entry || reader->code != TW_OK) {
		return;
	}
	if (depth == 5) {
		end_field(reader, (const char *)name, reader->group == NO_GROUP ? OTHER_GROUP : reader->group);
	} else if (depth == 4 && reader->group == NO_GROUP) {
		end_field(reader, (const char *)name, NO_GROUP);
	} else if (depth == 4) {
		end_group(reader);
	} else if (depth == 3) {
		end_entry(reader);
	}
	reader->text_len = 0;
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

enum tw_code tw_un_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	const char *name = files[0].name;
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
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", name, NULL);
	}
	*reader = (struct reader){.stage = stage, .name = name, .err = err};
	reader->parser = xmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL);
	if (!reader->parser) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the XML parser", name, NULL);
	}
	xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
	parse(reader, files[0].bytes);
	xmlFreeDoc(reader->parser->myDoc);
	xmlFreeParserCtxt(reader->parser);
	return reader->code;
}
