/**
 * @file screen_test.c
 * engine/screen: the snapshot as one value with one digest, and an event against it. Real list files (the shipped sample), real tables.
 */
#include "engine/screen/screen.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/screen/snapshot.h"

#define UN   "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml"
#define OFAC "feeds/sample/lists/ofac"

static const char *const rules[] = {"tests/data/screen/rules"};
static const char *const broken[] = {"tests/data/screen/broken"};
static const struct tw_list_source lists[] = {{.id = "un-sc", .format = TW_LIST_UN_XML, .path = UN},
                                              {.id = "ofac-sdn", .format = TW_LIST_OFAC_CSV, .path = OFAC}};

static struct tw_snapshot_sources sources(void)
{
	return (struct tw_snapshot_sources){.rule_paths = rules,
	                                    .rule_path_count = 1,
	                                    .lists = lists,
	                                    .list_count = 2,
	                                    .embargoes = "feeds/embargoes/embargoes.csv",
	                                    .reference = "feeds/reference"};
}

static struct tw_snapshot *built(struct tw_snapshot_sources from)
{
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err;
	char text[1024];
	enum tw_code code = tw_snapshot_build(&from, stderr, &snapshot, &err);
	cr_assert_eq(code, TW_OK, "%s", code == TW_OK ? "" : tw_error_text(&err, text, sizeof(text)));
	return snapshot;
}

static void assert_refused(struct tw_snapshot_sources from, const char *place)
{
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err = {.code = TW_OK};
	cr_assert_neq(tw_snapshot_build(&from, NULL, &snapshot, &err), TW_OK);
	cr_assert_null(snapshot);
	cr_assert_not_null(strstr(err.where, place), "%s", err.where);
}

Test(snapshot, has_one_digest_that_names_its_content)
{
	struct tw_snapshot_sources one = sources(), other = sources();
	other.list_count = 1;
	struct tw_snapshot *first = built(one), *again = built(one), *fewer = built(other);
	cr_assert(tw_slice_equal(tw_snapshot_info(first)->digest, tw_snapshot_info(again)->digest));
	cr_assert_not(tw_slice_equal(tw_snapshot_info(first)->digest, tw_snapshot_info(fewer)->digest));
	cr_assert_eq(tw_snapshot_info(first)->digest.len, 64);
	cr_assert_eq(tw_snapshot_info(first)->list_count, 2);
	cr_assert(tw_slice_is(tw_snapshot_info(first)->lists[0].id, "un-sc"));
	cr_assert_eq(tw_snapshot_info(first)->lists[0].entries, 1003);
	tw_snapshot_free(first);
	tw_snapshot_free(again);
	tw_snapshot_free(fewer);
}

Test(snapshot, is_refused_whole_when_one_part_is_wrong)
{
	static const struct tw_list_source missing[] = {{.id = "un-sc", .format = TW_LIST_UN_XML, .path = "tests/data/screen/no-such.xml"}};
	struct tw_snapshot_sources from = sources();
	from.rule_paths = broken;
	assert_refused(from, "broken/party-listed.yaml");
	from = sources();
	from.lists = missing;
	from.list_count = 1;
	assert_refused(from, "no-such.xml");
	from = sources();
	from.embargoes = "tests/data/screen/no-such.csv";
	assert_refused(from, "no-such.csv");
	from = sources();
	from.reference = "tests/data/screen/no-such-folder";
	assert_refused(from, "no-such-folder");
}

/* ---- one event against it ---- */

struct screened {
	struct tw_snapshot *snapshot;
	struct tw_screener *screener;
	struct tw_decoder *decoder;
	struct tw_arena arena;
	struct tw_event event;
	struct tw_matches matches;
	struct tw_findings findings;
};

static void screen(struct screened *s, const char *json)
{
	struct tw_error err = {.what = ""};
	struct tw_reject reject = {.detail = {"", 0}};
	memset(s, 0, sizeof(*s));
	s->snapshot = built(sources());
	tw_arena_init(&s->arena, 1 << 16, 0);
	cr_assert_eq(tw_screener_new(s->snapshot, &s->screener, &err), TW_OK);
	cr_assert_eq(tw_decoder_new((struct tw_decode_limits){1 << 20}, &s->decoder, &err), TW_OK);
	s->event.raw = tw_slice_str(json);
	cr_assert_eq(tw_decode(s->decoder, TW_FAMILY_MANIFEST, s->event.raw, NULL, &s->arena, &s->event, &reject, &err), TW_OK, "%s",
	             reject.detail.ptr);
	cr_assert_eq(tw_screen_lists(s->screener, &s->event, &s->arena, &s->matches, &err), TW_OK);
	cr_assert_eq(tw_screen_rules(s->screener, &s->event, &s->matches, (struct tw_screen_history){.answer = NULL}, &s->arena, &s->findings, &err),
	             TW_OK);
}

static void done(struct screened *s)
{
	tw_screener_free(s->screener);
	tw_decoder_free(s->decoder);
	tw_snapshot_free(s->snapshot);
	tw_arena_fini(&s->arena);
}

#define EVENT(body)                                                                                                                                  \
	"{\"id\":\"e\",\"type\":\"consignment.declared\",\"time\":\"2026-03-01T00:00:00Z\",\"source\":\"t\",\"consignment\":{\"id\":\"C1\","         \
	"\"items\":[{"                                                                                                                               \
	"\"line\":1,\"description\":\"goods\"}]," body "}}"

Test(screen, finds_a_listed_party_in_any_word_order_and_says_where)
{
	struct screened s;
	/* CDi.001 of the UN list: ERIC BADEGE; 15718 of OFAC's: BADEGE, Eric */
	screen(&s, EVENT("\"parties\":[{\"role\":\"notify\",\"name\":\"Kestrel Trading Ltd\"},{\"role\":\"consignee\",\"name\":\"Badege, Eric\"}]"));
	cr_assert_eq(s.matches.count, 2);
	cr_assert(tw_slice_is(s.matches.match[0].list, "ofac-sdn"));
	const struct tw_match *match = &s.matches.match[1];
	cr_assert(tw_slice_is(match->list, "un-sc"));
	cr_assert(tw_slice_is(match->entry, "CDi.001"));
	cr_assert(tw_slice_is(match->role, "consignee"));
	cr_assert(tw_slice_is(match->pointer, "/consignment/parties/1/name"));
	cr_assert_eq(memcmp(s.event.raw.ptr + match->span.from, "Badege, Eric", 12), 0);
	cr_assert_eq(match->subject, (const void *)((const struct tw_party *)s.event.consignment.parties.data + 1));
	cr_assert_eq(s.findings.count, 1);
	cr_assert(tw_slice_is(s.findings.finding[0].because, "Badege, Eric (consignee) is listed: ofac-sdn 15718."));
	done(&s);
}

Test(screen, does_not_hit_a_longer_name_that_holds_a_listed_one)
{
	struct screened s;
	screen(&s, EVENT("\"parties\":[{\"role\":\"consignee\",\"name\":\"Eric Badege Memorial Library Foundation\"}]"));
	cr_assert_eq(s.matches.count, 0);
	cr_assert_eq(s.findings.count, 0);
	done(&s);
}

Test(screen, finds_a_listed_vessel_by_its_number_whatever_its_name)
{
	struct screened s;
	/* OFAC SDN 15036, ARTAVIL, IMO 9187629 */
	screen(&s, EVENT("\"means\":{\"mode\":\"sea\",\"name\":\"MORNING LIGHT\",\"imo\":\"9187629\"}"));
	cr_assert_eq(s.matches.count, 1);
	cr_assert(tw_slice_is(s.matches.match[0].entry, "15036"));
	cr_assert_eq(s.matches.match[0].basis, TW_MATCH_IDENTIFIER);
	cr_assert(tw_slice_is(s.matches.match[0].pointer, "/consignment/means/imo"));
	done(&s);
}

Test(screen, finds_who_is_listed_at_a_partys_address_whatever_the_partys_name)
{
	struct screened s;
	/* OFAC SDN 735 */
	screen(&s, EVENT("\"parties\":[{\"role\":\"consignee\",\"name\":\"Zephyr Qwop Nine\",\"address\":{\"text\":\"24, rue du Quatre "
	                 "Septembre\",\"city\":\"PARIS\",\"country\":\"FR\"}}]"));
	cr_assert_eq(s.matches.count, 1);
	cr_expect_eq(s.matches.match[0].basis, TW_MATCH_ADDRESS);
	cr_expect(tw_slice_is(s.matches.match[0].entry, "735"));
	cr_expect(tw_slice_is(s.matches.match[0].pointer, "/consignment/parties/0/address/text"));
	cr_expect_eq(s.findings.count, 0, "a rule that asks for no address does not take it for a name");
	done(&s);
}

Test(screen, does_not_take_a_vessel_for_a_company_of_the_same_name)
{
	struct screened s;
	screen(&s, EVENT("\"parties\":[{\"role\":\"consignee\",\"name\":\"ARTAVIL\"}]"));
	cr_assert_eq(s.matches.count, 0);
	done(&s);
}

static uint32_t warnings(const struct screened *s, enum tw_warning_kind kind, const char *pointer)
{
	const struct tw_warning *warning = s->event.warnings.data;
	uint32_t count = 0;
	for (uint32_t i = 0; i < s->event.warnings.count; i++) {
		count += warning[i].kind == kind && tw_slice_is(warning[i].pointer, pointer);
	}
	return count;
}

Test(screen, warns_of_codes_that_the_reference_tables_do_not_know)
{
	struct screened s;
	screen(&s, EVENT("\"route\":[{\"role\":\"load\",\"place\":\"BEANR\",\"country\":\"BE\"},{\"role\":\"transit\",\"place\":\"BEZZZ\","
	                 "\"country\":\"EE9\"},"
	                 "{\"role\":\"discharge\",\"place\":\"XBMAR\",\"country\":\"XB\"}],\"containers\":[{\"number\":\"QQQU1234564\"}]"));
	cr_assert_eq(warnings(&s, TW_WARNING_UNKNOWN_PLACE, "/consignment/route/1/place"), 1);
	cr_assert_eq(warnings(&s, TW_WARNING_UNKNOWN_OWNER, "/consignment/containers/0/number"), 1);
	cr_assert_eq(warnings(&s, TW_WARNING_UNKNOWN_PLACE, "/consignment/route/0/place"), 0);
	cr_assert_eq(warnings(&s, TW_WARNING_UNKNOWN_COUNTRY, "/consignment/route/2/country"), 0, "user-assigned codes are known");
	done(&s);
}
