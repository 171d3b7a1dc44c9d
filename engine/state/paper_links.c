/**
 * @file paper_links.c
 * See paper_links.h.
 */
#include "engine/state/paper_links.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/facts.h"
#include "engine/state/ledger.h"
#include "engine/state/operations.h"
#include "engine/state/question.h"

#define UNDERTAKING_BYTES ((4U + TW_UNDERTAKING_HEADINGS + 2U * TW_UNDERTAKING_EXPORTERS) * TW_VARINT_BYTES)

enum undertaking_flag { FLAG_NO_REEXPORT = 1, FLAG_CONSENT = 2 };

/* Four digits as a number, 0 for fewer. */
static uint16_t heading_of(struct tw_slice hs)
{
	uint32_t digits = 0, value = 0;
	for (uint32_t i = 0; i < hs.len && digits < 4; i++) {
		if (hs.ptr[i] >= '0' && hs.ptr[i] <= '9') {
			value = value * 10 + (uint32_t)(hs.ptr[i] - '0');
			digits++;
		}
	}
	return digits == 4 ? (uint16_t)value : 0;
}

/* @return how many; 0 where some goods have none, or there are too many: then it is about all goods */
static uint32_t headings_of(const struct tw_certificate *certificate, uint16_t out[TW_UNDERTAKING_HEADINGS])
{
	const struct tw_certificate_item *items = certificate->items.data;
	uint32_t count = 0;
	for (uint32_t i = 0; i < certificate->items.count; i++) {
		uint16_t heading = heading_of(tw_slice_of(items[i].hs));
		bool known = false;
		for (uint32_t k = 0; k < count; k++) {
			known = known || out[k] == heading;
		}
		if (heading == 0 || (!known && count == TW_UNDERTAKING_HEADINGS)) {
			return 0;
		}
		if (!known) {
			out[count++] = heading;
		}
	}
	return count;
}

static uint16_t country_of(const struct tw_party *party)
{
	return tw_country_code(tw_slice_of(tw_stated(party->country.span) ? party->country : party->address.country));
}

/*
 * Exporters, to whom goods may go back; and whom an amendment puts between: the end-user's own state wrote him in for what becomes of the goods, as it
 * does where the supplier has consented to a retransfer.
 */
static bool may_receive_back(const struct tw_certificate *certificate, const struct tw_party *party)
{
	return party->role.value == TW_ROLE_EXPORTER || (party->role.value == TW_ROLE_INTERMEDIATE && certificate->revision.value > 1);
}

/* @return NULL at the arena's ceiling */
static unsigned char *exporters_put(unsigned char *at, const struct tw_certificate *certificate, struct tw_arena *arena)
{
	const struct tw_party *parties = certificate->parties.data;
	uint64_t keys[TW_UNDERTAKING_EXPORTERS];
	uint16_t countries[TW_UNDERTAKING_EXPORTERS];
	uint32_t count = 0;
	for (uint32_t i = 0; i < certificate->parties.count && count < TW_UNDERTAKING_EXPORTERS; i++) {
		struct tw_slice key = may_receive_back(certificate, &parties[i]) ? tw_key_party(&parties[i], arena) : (struct tw_slice){"", 0};
		if (!key.ptr) {
			return NULL;
		}
		if (key.len) {
			keys[count] = tw_hash64(key.ptr, key.len, 0);
			countries[count++] = country_of(&parties[i]);
		}
	}
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(tw_varint_put(at, keys[i]), countries[i]);
	}
	return at;
}

static struct tw_slice undertaking_write(const struct tw_certificate *certificate, struct tw_arena *arena)
{
	uint16_t headings[TW_UNDERTAKING_HEADINGS];
	uint32_t count = headings_of(certificate, headings);
	unsigned char *bytes = tw_arena_alloc_raw(arena, UNDERTAKING_BYTES);
	if (!bytes) {
		return (struct tw_slice){NULL, 0};
	}
	unsigned flags = (certificate->assurances.no_reexport.value ? FLAG_NO_REEXPORT : 0U) |
	                 (certificate->assurances.reexport_needs_consent.value ? FLAG_CONSENT : 0U);
	unsigned char *at = tw_varint_put(bytes, flags);
	at = tw_varint_put(at, tw_country_code(tw_slice_of(certificate->final_destination)));
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(at, headings[i]);
	}
	at = exporters_put(at, certificate, arena);
	if (!at) {
		return (struct tw_slice){NULL, 0};
	}
	return (struct tw_slice){(const char *)bytes, (uint32_t)(at - bytes)};
}

static void document_put(struct tw_drafts *drafts, struct tw_slice document, const void *subject, struct tw_element element)
{
	tw_drafts_put(drafts, tw_drafts_mention(drafts, TW_ENTITY_PAPER, document, subject, NULL), element);
}

/* Each on its own record. What an event states more of than a record keeps is none that anybody's trade needs. */
static void licences_put(struct tw_drafts *drafts, const struct tw_certificate *certificate, const struct tw_party *exporter,
                         struct tw_element element)
{
	const struct tw_text *licences = certificate->licences.data;
	struct tw_slice country = tw_slice_of(tw_stated(exporter->country.span) ? exporter->country : exporter->address.country);
	for (uint32_t i = 0; i < certificate->licences.count && i < TW_PAPER_LIST_MAX && !drafts->code; i++) {
		document_put(drafts, tw_key_licence(country, tw_slice_of(licences[i]), drafts->arena), &licences[i], element);
	}
}

/* On the records of its exporter's contract and licences: for which country it is. */
static void contract_put(struct tw_drafts *drafts, const struct tw_certificate *certificate, struct tw_element element)
{
	const struct tw_party *parties = certificate->parties.data;
	uint16_t destination = tw_country_code(tw_slice_of(certificate->final_destination));
	unsigned char *bytes = tw_arena_alloc_raw(drafts->arena, TW_VARINT_BYTES);
	for (uint32_t i = 0; bytes && i < certificate->parties.count; i++) {
		if (parties[i].role.value == TW_ROLE_EXPORTER) {
			element.bytes = (struct tw_slice){(const char *)bytes, (uint32_t)(tw_varint_put(bytes, destination) - bytes)};
			document_put(drafts, tw_key_contract(&parties[i], tw_slice_of(certificate->contract.number), drafts->arena),
			             &certificate->contract, element);
			licences_put(drafts, certificate, &parties[i], element);
			return;
		}
	}
	drafts->code = bytes ? drafts->code : TW_E_MEMORY;
}

void tw_paper_links_put(struct tw_drafts *drafts, const struct tw_certificate *certificate, struct tw_slice key, struct tw_version version)
{
	struct tw_element document = {tw_element_key(TW_ELEMENT_DOCUMENT, key, drafts->arena), version, {"", 0}};
	struct tw_element undertaking = {tw_element_key(TW_ELEMENT_UNDERTAKING, key, drafts->arena), version,
	                                 undertaking_write(certificate, drafts->arena)};
	if (drafts->code || !document.key.ptr || !undertaking.key.ptr || !undertaking.bytes.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return;
	}
	const struct tw_certificate_document *paper = &certificate->document;
	struct tw_slice country = tw_slice_of(certificate->issuer.country);
	document_put(drafts, tw_key_document(tw_slice_of(paper->sha256), drafts->arena), &paper->sha256, document);
	document_put(drafts, tw_key_paper(country, tw_slice_of(paper->paper_number), drafts->arena), &paper->paper_number, document);
	contract_put(drafts, certificate, document);
	const struct tw_party *parties = certificate->parties.data;
	for (uint32_t i = 0; i < certificate->parties.count && !drafts->code; i++) {
		if (parties[i].role.value == TW_ROLE_END_USER || parties[i].role.value == TW_ROLE_CONSIGNEE) {
			tw_drafts_put(drafts, tw_drafts_mention(drafts, TW_ENTITY_PARTY, tw_key_party(&parties[i], drafts->arena), &parties[i], NULL),
			              undertaking);
		}
	}
}

bool tw_undertaking_read(const struct tw_element *element, struct tw_undertaking *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	*out = (struct tw_undertaking){.certificate = tw_element_tail(element)};
	if (!tw_element_is(element, TW_ELEMENT_UNDERTAKING)) {
		return false;
	}
	uint64_t flags = tw_varint_take(&cursor);
	out->no_reexport = flags & FLAG_NO_REEXPORT;
	out->consent = flags & FLAG_CONSENT;
	out->destination = (uint16_t)tw_varint_take(&cursor);
	uint64_t count = tw_varint_take(&cursor);
	for (uint64_t i = 0; i < count && i < TW_UNDERTAKING_HEADINGS && !cursor.bad; i++) {
		out->heading[out->headings++] = (uint16_t)tw_varint_take(&cursor);
	}
	uint64_t exporters = tw_varint_take(&cursor);
	for (uint64_t i = 0; i < exporters && i < TW_UNDERTAKING_EXPORTERS && !cursor.bad; i++) {
		out->exporter[out->exporters].key = tw_varint_take(&cursor);
		out->exporter[out->exporters++].country = (uint16_t)tw_varint_take(&cursor);
	}
	return !cursor.bad && count <= TW_UNDERTAKING_HEADINGS && exporters <= TW_UNDERTAKING_EXPORTERS;
}

/* ---- one paper on two certificates ---- */

static bool shared_tell(const struct tw_event *event, struct tw_slice certificate, struct tw_slice document, struct tw_arena *arena,
                        struct tw_list *facts)
{
	struct tw_event *fact = tw_fact_new(arena, facts, TW_FACT_PAPER_SHARED, event->time.ms);
	if (!fact || !tw_fact_text_add(arena, &fact->fact.certificates, certificate)) {
		return false;
	}
	fact->fact.document = tw_fact_text(document);
	return true;
}

/* What stands on a document's or paper's record, and not on a contract's, says nothing but its key. */
static bool is_other(const struct tw_element *element, struct tw_slice own)
{
	return tw_element_is(element, TW_ELEMENT_DOCUMENT) && element->bytes.len == 0 && !tw_slice_equal(tw_element_tail(element), own);
}

bool tw_paper_links_facts(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                          struct tw_arena *arena, struct tw_list *facts)
{
	uint32_t certificate = operations->own[TW_ENTITY_CERTIFICATE];
	bool states = event->type == TW_CERTIFICATE_ISSUED || event->type == TW_CERTIFICATE_AMENDED;
	if (!states || certificate == TW_NO_OPERATION || !priors) {
		return true;
	}
	struct tw_slice own = operations->operation[certificate].key;
	bool whole = true;
	for (uint32_t i = 0; i < operations->count && whole; i++) {
		struct tw_slice document = operations->operation[i].key;
		const struct tw_state *state = operations->operation[i].kind == TW_ENTITY_PAPER ? tw_prior_state(priors, i, arena) : NULL;
		uint32_t others = 0;
		for (uint32_t k = 0; state && k < state->element_count && others < TW_PAPER_SHARERS_MAX && whole; k++) {
			if (is_other(&state->elements[k], own)) {
				whole = shared_tell(event, tw_element_tail(&state->elements[k]), document, arena, facts);
				others++;
			}
		}
		whole = whole && (others == 0 || shared_tell(event, own, document, arena, facts));
	}
	return whole && tw_priors_whole(priors);
}

void tw_paper_shared_put(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate)
{
	struct tw_slice key = tw_element_key(TW_ELEMENT_SHARED, tw_slice_of(event->fact.document), drafts->arena);
	drafts->code = key.ptr || drafts->code ? drafts->code : TW_E_MEMORY;
	tw_drafts_put(drafts, certificate, (struct tw_element){key, {0, 0, 0}, {"", 0}});
}

/* ---- answers ---- */

static bool is_about(const struct tw_undertaking *undertaking, const struct tw_consignment *consignment)
{
	const struct tw_item *items = consignment->items.data;
	for (uint32_t i = 0; i < consignment->items.count; i++) {
		uint16_t heading = heading_of(tw_slice_of(items[i].hs));
		for (uint32_t k = 0; k < undertaking->headings; k++) {
			if (heading && heading == undertaking->heading[k]) {
				return true;
			}
		}
	}
	return undertaking->headings == 0 && consignment->items.count;
}

/* Where it goes: of delivery, else of discharge. @return false where nobody says, or that is where it was certified for */
static bool goes_elsewhere(const struct tw_undertaking *undertaking, const struct tw_consignment *consignment, int32_t day)
{
	struct tw_way way;
	tw_way_of(consignment, day, &way);
	for (uint32_t i = 0; i < way.countries; i++) {
		if (way.country[i] != undertaking->destination) {
			return true;
		}
	}
	return false;
}

/* Another certificate's, for a country that is stated and not this one's. */
static bool is_for_elsewhere(const struct tw_question *question, const struct tw_element *element)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	uint64_t theirs = tw_varint_take(&cursor), own = tw_country_code(tw_slice_of(question->event->certificate.final_destination));
	return !cursor.bad && theirs && own && theirs != own && !tw_slice_equal(tw_element_tail(element), question->certificate);
}

/* Whether all that the consignment is for lies in that country. */
static bool goes_to(const struct tw_consignment *consignment, uint16_t country, int32_t day)
{
	struct tw_way way;
	tw_way_of(consignment, day, &way);
	bool all = country && way.countries;
	for (uint32_t i = 0; i < way.countries; i++) {
		all = all && way.country[i] == country;
	}
	return all;
}

/* @return whether an exporter of it is to receive the consignment, at home */
static bool is_supplied_by(const struct tw_undertaking *undertaking, const struct tw_consignment *consignment, int32_t day, struct tw_arena *arena,
                           bool *full)
{
	const struct tw_party *parties = consignment->parties.data;
	bool is = false;
	for (uint32_t i = 0; i < consignment->parties.count && undertaking->exporters; i++) {
		bool receives = parties[i].role.value == TW_ROLE_CONSIGNEE || parties[i].role.value == TW_ROLE_END_USER;
		struct tw_slice key = receives ? tw_key_party(&parties[i], arena) : (struct tw_slice){"", 0};
		uint64_t hash = key.len ? tw_hash64(key.ptr, key.len, 0) : 0;
		*full = *full || !key.ptr;
		for (uint32_t k = 0; k < undertaking->exporters && hash; k++) {
			is = is || (undertaking->exporter[k].key == hash && goes_to(consignment, undertaking->exporter[k].country, day));
		}
	}
	return is;
}

static bool answer_supplied(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	int32_t day = tw_instant_day(question->event->time.ms);
	struct tw_undertaking undertaking;
	bool full = false;
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count && question->event->family == TW_FAMILY_MANIFEST; i++) {
		count += tw_undertaking_read(&question->state->elements[i], &undertaking) &&
		         is_supplied_by(&undertaking, &question->event->consignment, day, arena, &full);
	}
	tw_answer_value(answer, count);
	return !full;
}

/* ---- licences ---- */

/* Of a licence on a certificate. */
static int64_t elsewhere_by_licence(const struct tw_question *question, const struct tw_text *licence, struct tw_arena *arena)
{
	const struct tw_mention *mention = tw_operations_mention(question->operations, licence, TW_ENTITY_PAPER);
	const struct tw_state *state = mention ? tw_prior_state(question->priors, mention->operation, arena) : NULL;
	int64_t count = 0;
	for (uint32_t i = 0; state && i < state->element_count; i++) {
		count += tw_element_is(&state->elements[i], TW_ELEMENT_DOCUMENT) && is_for_elsewhere(question, &state->elements[i]);
	}
	return count;
}

/* @return whether the item names that certificate; what it says of its own is another question */
static bool names(const struct tw_item *item, struct tw_slice certificate, struct tw_arena *arena, bool *full)
{
	const struct tw_certificate_ref *refs = item->certificates.data;
	bool is = false;
	for (uint32_t i = 0; i < item->certificates.count; i++) {
		struct tw_slice key = tw_key_certificate(tw_slice_of(refs[i].issuer_country), tw_slice_of(refs[i].number), arena);
		if (!key.ptr) {
			*full = true;
			return false;
		}
		is = is || (key.len && tw_slice_equal(key, certificate));
	}
	return is;
}

/* Of a licence on a manifest: for none of the countries that it goes to. */
static bool answer_licence(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_way way;
	bool full = false;
	int64_t count = 0;
	tw_way_of(&question->event->consignment, tw_instant_day(question->event->time.ms), &way);
	for (uint32_t i = 0; i < question->state->element_count && way.countries && question->item && question->item->certificates.count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_cursor cursor = tw_cursor_of(element->bytes);
		uint64_t theirs = tw_varint_take(&cursor);
		bool other = tw_element_is(element, TW_ELEMENT_DOCUMENT) && !cursor.bad && theirs;
		for (uint32_t k = 0; k < way.countries; k++) {
			other = other && way.country[k] != theirs;
		}
		count += other && !names(question->item, tw_element_tail(element), arena, &full);
	}
	tw_answer_value(answer, count);
	return !full;
}

static bool answer_licences(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_text *licences = question->event->certificate.licences.data;
	int64_t count = 0;
	if (question->event->family == TW_FAMILY_MANIFEST) {
		return answer_licence(question, arena, answer);
	}
	for (uint32_t i = 0; question->priors && i < question->event->certificate.licences.count; i++) {
		count += elsewhere_by_licence(question, &licences[i], arena);
	}
	tw_answer_value(answer, count);
	return true;
}

static void answer_links(const struct tw_question *question, struct tw_history_answer *answer)
{
	const bool undertakings = question->query->metric == TW_METRIC_UNDERTAKINGS;
	int32_t day = tw_instant_day(question->event->time.ms);
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_undertaking undertaking;
		if (question->query->metric == TW_METRIC_PAPER_SHARED) {
			count = count || tw_element_is(element, TW_ELEMENT_SHARED);
			continue;
		}
		if (undertakings && tw_undertaking_read(element, &undertaking)) {
			bool given = undertaking.no_reexport || undertaking.consent;
			count += given && is_about(&undertaking, &question->event->consignment) &&
			         goes_elsewhere(&undertaking, &question->event->consignment, day);
		} else if (question->query->metric == TW_METRIC_CERTIFICATES_ELSEWHERE) {
			count += tw_element_is(element, TW_ELEMENT_DOCUMENT) && is_for_elsewhere(question, element);
		} else if (!undertakings && tw_element_is(element, TW_ELEMENT_DOCUMENT)) {
			count += !tw_slice_equal(tw_element_tail(element), question->certificate);
		}
	}
	tw_answer_value(answer, count);
}

bool tw_answer_paper_links(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	if (question->query->metric == TW_METRIC_LICENCES_ELSEWHERE) {
		return answer_licences(question, arena, answer);
	}
	if (question->query->metric == TW_METRIC_SUPPLIED_BY_RECEIVER) {
		return answer_supplied(question, arena, answer);
	}
	answer_links(question, answer);
	return true;
}
