/**
 * @file ftm_about.c
 * Records that are no entity but speak of one: sanctions, documents, addresses, relations (ftm.h). Each is kept with the ids it names.
 *
 * Source: FollowTheMoney, schemata Sanction, Identification, Passport, Address, Ownership, Directorship, Representation, Family, Associate,
 *         Membership, UnknownLink.
 */
#include "feeds/ftm.h"
#include "feeds/list_date.h"
#include "feeds/list_text.h"

/* From whom to whom a relation goes; one that has no direction goes both ways. */
static const struct relation {
	const char *schema;
	enum tw_ftm_slot from, to;
	enum tw_list_relation relation;
	bool both_ways;
} relations[] = {
    {"Ownership", TW_FTM_ASSET, TW_FTM_OWNER, TW_LINK_OWNED_BY, false},
    {"Representation", TW_FTM_AGENT, TW_FTM_CLIENT, TW_LINK_ACTING_FOR, false},
    {"Directorship", TW_FTM_ORGANIZATION, TW_FTM_DIRECTOR, TW_LINK_OTHER, false},
    {"Membership", TW_FTM_MEMBER, TW_FTM_ORGANIZATION, TW_LINK_OTHER, false},
    {"Family", TW_FTM_PERSON, TW_FTM_RELATIVE, TW_LINK_FAMILY, true},
    {"Associate", TW_FTM_PERSON, TW_FTM_ASSOCIATE, TW_LINK_OTHER, true},
    {"UnknownLink", TW_FTM_SUBJECT, TW_FTM_OBJECT, TW_LINK_OTHER, true},
};

const struct tw_json_fact *tw_ftm_fact_next(const struct tw_ftm_record *record, uint32_t *at)
{
	while (record->from + *at < record->to) {
		const struct tw_json_fact *fact = &record->line->facts[record->from + (*at)++];
		if (fact->serial == record->serial && fact->text.len) {
			return fact;
		}
	}
	return NULL;
}

struct tw_slice tw_ftm_value(const struct tw_ftm_record *record, uint32_t slot)
{
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; (fact = tw_ftm_fact_next(record, &at));) {
		if (fact->slot == slot) {
			return fact->text;
		}
	}
	return (struct tw_slice){"", 0};
}

bool tw_ftm_keep(const struct tw_ftm_record *record, struct tw_slice *text)
{
	*text = tw_arena_copy(&record->stage->arena, *text);
	return text->ptr != NULL;
}

bool tw_ftm_link_push(const struct tw_ftm_record *record, struct tw_slice from, struct tw_slice to, enum tw_list_relation relation)
{
	struct tw_ftm_link *link = tw_list_push(&record->stage->arena, &record->ftm->links, sizeof(*link));
	if (!link) {
		return false;
	}
	*link = (struct tw_ftm_link){from, to, relation, record->line->number};
	return tw_ftm_keep(record, &link->from) && tw_ftm_keep(record, &link->to);
}

bool tw_ftm_place_of_push(const struct tw_ftm_record *record, struct tw_slice holder, struct tw_slice place)
{
	struct tw_ftm_place_of *wanted = tw_list_push(&record->stage->arena, &record->ftm->place_of, sizeof(*wanted));
	if (!wanted) {
		return false;
	}
	*wanted = (struct tw_ftm_place_of){holder, place, record->line->number};
	return tw_ftm_keep(record, &wanted->holder) && tw_ftm_keep(record, &wanted->place);
}

static bool sanction_add(const struct tw_ftm_record *record, struct tw_slice holder)
{
	struct tw_ftm_sanction *sanction = tw_list_push(&record->stage->arena, &record->ftm->sanctions, sizeof(*sanction));
	if (!sanction) {
		return false;
	}
	*sanction = (struct tw_ftm_sanction){.holder = holder, .programme = tw_ftm_value(record, TW_FTM_PROGRAM), .line = record->line->number};
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; (fact = tw_ftm_fact_next(record, &at));) {
		sanction->measures |= fact->slot == TW_FTM_PROVISIONS ? tw_list_measures_in(fact->text) : 0;
	}
	struct tw_slice listed = tw_ftm_value(record, TW_FTM_LISTED);
	tw_list_date_read(listed.len ? listed : tw_ftm_value(record, TW_FTM_START), TW_DATE_DAY_FIRST, &sanction->listed_on, NULL);
	tw_list_date_read(tw_ftm_value(record, TW_FTM_END), TW_DATE_DAY_FIRST, &sanction->removed_on, NULL);
	return tw_ftm_keep(record, &sanction->holder) && tw_ftm_keep(record, &sanction->programme);
}

static bool begins(struct tw_slice text, const char *word)
{
	for (uint32_t i = 0; word[i]; i++) {
		if (i == text.len || (text.ptr[i] | 0x20) != word[i]) {
			return false;
		}
	}
	return true;
}

static bool document_add(const struct tw_ftm_record *record, struct tw_slice holder, bool passport)
{
	struct tw_ftm_document *document = tw_list_push(&record->stage->arena, &record->ftm->documents, sizeof(*document));
	if (!document) {
		return false;
	}
	struct tw_slice number = tw_ftm_value(record, TW_FTM_NUMBER);
	*document = (struct tw_ftm_document){
	    .holder = holder,
	    .number = number.len ? number : tw_ftm_value(record, TW_FTM_PASSPORT),
	    .country = tw_ftm_value(record, TW_FTM_COUNTRY),
	    .scheme = passport || begins(tw_ftm_value(record, TW_FTM_TYPE), "passport") ? "passport" : "national_id",
	    .line = record->line->number,
	};
	return tw_ftm_keep(record, &document->holder) && tw_ftm_keep(record, &document->number) && tw_ftm_keep(record, &document->country);
}

static bool place_add(const struct tw_ftm_record *record)
{
	struct tw_ftm_place *place = tw_list_push(&record->stage->arena, &record->ftm->places, sizeof(*place));
	if (!place) {
		return false;
	}
	*place = (struct tw_ftm_place){.id = record->id,
	                               .full = tw_ftm_value(record, TW_FTM_FULL),
	                               .city = tw_ftm_value(record, TW_FTM_CITY),
	                               .country = tw_ftm_value(record, TW_FTM_COUNTRY)};
	bool fits = tw_ftm_keep(record, &place->id) && tw_ftm_keep(record, &place->full) && tw_ftm_keep(record, &place->city) &&
	            tw_ftm_keep(record, &place->country);
	for (uint32_t i = 0; fits && i < TW_FTM_PARTS; i++) {
		place->part[i] = tw_ftm_value(record, TW_FTM_BOX + i);
		fits = tw_ftm_keep(record, &place->part[i]);
	}
	return fits && (record->holder.len == 0 || tw_ftm_place_of_push(record, record->holder, record->id));
}

static bool relation_add(const struct tw_ftm_record *record, const struct relation *relation)
{
	struct tw_slice from = tw_ftm_value(record, relation->from), to = tw_ftm_value(record, relation->to);
	from = from.len ? from : record->holder;
	to = to.len ? to : record->holder;
	if (from.len == 0 || to.len == 0) {
		tw_list_stage_skip(record->stage, "a relation without one of its ends", record->line->number, false);
		return true;
	}
	bool fits = tw_ftm_link_push(record, from, to, relation->relation);
	return fits && (!relation->both_ways || tw_ftm_link_push(record, to, from, relation->relation));
}

bool tw_ftm_about_add(const struct tw_ftm_record *record, struct tw_slice schema)
{
	struct tw_slice holder = tw_ftm_value(record, TW_FTM_HOLDER);
	holder = holder.len ? holder : record->holder;
	bool passport = tw_slice_is(schema, "Passport");
	if (tw_slice_is(schema, "Address")) {
		return place_add(record);
	}
	if (tw_slice_is(schema, "Sanction")) {
		return sanction_add(record, holder);
	}
	if (passport || tw_slice_is(schema, "Identification")) {
		return document_add(record, holder, passport);
	}
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		if (tw_slice_is(schema, relations[i].schema)) {
			return relation_add(record, &relations[i]);
		}
	}
	tw_list_stage_skip(record->stage, "a record of a schema that nothing is screened by", record->line->number, false);
	return true;
}
