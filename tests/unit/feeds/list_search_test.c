/** @file list_search_test.c  A name with what else is known of its bearer: parts of the similarity, their order, and near misses. */
#include <tidewaiter/limits.h>

#include "tests/unit/feeds/list_fixture.h"

static struct tw_arena arena;
static struct tw_list_index *index_;
static struct tw_list_memo *memo;
static struct tw_error err;
static struct tw_matches matches;

#define XA (uint16_t)('X' << 8 | 'A')
#define XB (uint16_t)('X' << 8 | 'B')

static uint32_t entry_add(struct tw_list_stage *stage, const char *id, enum tw_entry_kind kind, const char *name)
{
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str(id), kind, 1, &entry));
	cr_assert(tw_list_stage_name(stage, entry, tw_slice_str(name), TW_NAME_PRIMARY));
	return entry;
}

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_list_stage *stage = fixture_stage("xa-list");
	uint32_t man = entry_add(stage, "1", TW_ENTRY_PERSON, "QUILLFEATHER, Yusuf Harrow");
	cr_assert(tw_list_stage_name(stage, man, tw_slice_str("Harrowman Quillfeather"), TW_NAME_WEAK));
	cr_assert(tw_list_stage_country(stage, man, tw_slice_str("Nowhere")));
	cr_assert(tw_list_stage_birth(stage, man, (struct tw_list_date){1961, 4, 9, false}));
	cr_assert(tw_list_stage_identifier(stage, man, "passport", tw_slice_str("A-992535"), tw_slice_str("Nowhere")));
	struct tw_slice parts[] = {tw_slice_str("14 Wharf Lane"), tw_slice_str("Kestrel Bay")};
	cr_assert(tw_list_stage_address(stage, man, parts, 2, tw_slice_str("Kestrel Bay"), tw_slice_str("Nowhere")));
	tw_list_stage_entry_at(stage, man)->measures = TW_MEASURE_ARMS_EMBARGO;
	tw_list_stage_entry_at(stage, man)->listed_on = (struct tw_list_date){2011, 2, 26, false};
	entry_add(stage, "2", TW_ENTRY_VESSEL, "SEA HERON 1");
	entry_add(stage, "3", TW_ENTRY_ORGANISATION, "Heron Gull Trading Co. Ltd.");
	entry_add(stage, "7", TW_ENTRY_ORGANISATION, "Northern Tern and Quill Research Institute of Heron Physics");
	entry_add(stage, "8", TW_ENTRY_VESSEL, "TURNSTONE");
	entry_add(stage, "6", TW_ENTRY_PERSON, "ZHANG, Qiming");
	entry_add(stage, "4", TW_ENTRY_PERSON, "Yusuf Harrow Quillfeathers");
	cr_assert(tw_list_stage_identifier(stage, entry_add(stage, "5", TW_ENTRY_VESSEL, "WHARF KESTREL"), "imo", tw_slice_str("9074729"),
	                                   tw_slice_str("")));
	index_ = fixture_index(&stage, 1);
	cr_assert_eq(tw_list_memo_new(index_, &memo, &err), TW_OK);
}

static void teardown(void)
{
	tw_list_memo_free(memo);
	tw_list_index_free(index_);
	tw_arena_fini(&arena);
}

TestSuite(list_search, .init = setup, .fini = teardown);

static const struct tw_match *search(struct tw_list_query query)
{
	query.memo = memo;
	cr_assert_eq(tw_list_index_search(index_, &query, &arena, &matches, &err), TW_OK);
	return matches.count ? &matches.match[0] : NULL;
}

static struct tw_list_query named(const char *name)
{
	return (struct tw_list_query){.name = tw_slice_str(name), .kind = TW_ENTRY_PERSON};
}

static int32_t part(const struct tw_match *match, const char *feature)
{
	for (uint32_t i = 0; match && i < match->part_count; i++) {
		if (strcmp(match->part[i].feature, feature) == 0) {
			return match->part[i].ppm;
		}
	}
	return 0;
}

Test(list_search, a_name_that_hit_nothing_is_known_by_name_kind_and_threshold)
{
	struct tw_list_query far = named("Yusuf Harbour Quillon");
	for (int i = 0; i < 3; i++) {
		cr_expect(!search(far), "the first time and again");
	}
	far.name_ppm_min = 300000;
	cr_expect(search(far), "a lower threshold is another question");
	struct tw_list_query other = named("Sea Heron 1");
	cr_expect(!search(other) && !search(other));
	other.kind = TW_ENTRY_VESSEL;
	cr_expect(search(other), "a vessel of that name is another question");
}

Test(list_search, a_name_that_hit_is_weighed_anew_each_time_it_comes)
{
	const struct tw_list_date birth = {1961, 4, 9, false};
	struct tw_list_query plain = named("Yusuf Harrow Quillfeather"), born = plain;
	born.births = &birth;
	born.birth_count = 1;
	const struct tw_match *match = search(plain);
	cr_assert(match);
	uint32_t first = match->similarity_ppm, hits = matches.count;
	match = search(plain);
	cr_expect_eq(match->similarity_ppm, first);
	cr_expect_eq(matches.count, hits);
	cr_expect_gt(search(born)->similarity_ppm, first, "what else is known of him counts though the name is remembered");
	tw_list_memo_forget_names(memo);
	match = search(plain);
	cr_expect_eq(match->similarity_ppm, first, "searched for again");
	cr_expect_eq(matches.count, hits);
}

Test(list_search, a_misspelt_name_hits_below_every_equal_one)
{
	const struct tw_match *match = search(named("Yusuf Harrow Quillfaether"));
	cr_assert(match);
	cr_expect(tw_slice_is(match->entry, "1"));
	uint32_t misspelt = match->similarity_ppm;
	match = search(named("Yusuf Harrow Quillfeather"));
	cr_expect(match->similarity_ppm > misspelt && match->similarity_ppm < 1000000, "%u, %u", match->similarity_ppm, misspelt);
	cr_assert_eq(matches.count, 2u, "and its namesake with one letter more");
	cr_expect(tw_slice_is(matches.match[1].entry, "4"));
	cr_expect_lt(matches.match[1].similarity_ppm, match->similarity_ppm);
}

/* Names of several scripts in turn: each is weighed by its own reading, whatever came before. */
Test(list_search, a_name_in_another_script_is_weighed_alike_each_time_it_comes)
{
	static const char *const names[] = {"ООО Херон Гулл Трейдинг", "Heron Gull Trading Co. Ltd.", "غول هيرون للتجارة", "Херон Гулл"};
	uint32_t first[4];
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++) {
			struct tw_list_query query = named(names[i]);
			query.kind = TW_ENTRY_ORGANISATION;
			const struct tw_match *match = search(query);
			uint32_t similarity = match ? match->similarity_ppm : 0;
			first[i] = round ? first[i] : similarity;
			cr_expect_eq(similarity, first[i], "%s, round %d", names[i], round);
		}
	}
	cr_expect_gt(first[0], 0u);
	cr_expect_gt(first[1], first[0]);
}

Test(list_search, a_name_without_vowels_hits_below_a_latin_one_and_says_so)
{
	const struct tw_match *match = search(named("يوسف هارو كويلفاذر"));
	cr_assert(match, "the listed name in Arabic letters");
	cr_expect(tw_slice_is(match->entry, "1"));
	cr_expect_lt(part(match, "script"), 0);
	uint32_t similarity = match->similarity_ppm;
	match = search(named("Yusuf Harow Quillfeather"));
	cr_expect_eq(part(match, "script"), 0);
	cr_expect_gt(match->similarity_ppm, similarity);
	const struct tw_match *shorter = search(named("يوسف هارو"));
	cr_expect(!shorter || shorter->similarity_ppm < similarity, "two words of three");
	cr_expect_null(search(named("يوسف")), "one word of three");
}

Test(list_search, a_company_is_found_by_its_translated_words)
{
	struct tw_list_query query = named("غول هيرون للتجارة");
	query.kind = TW_ENTRY_ORGANISATION;
	const struct tw_match *match = search(query);
	cr_assert(match);
	cr_expect(tw_slice_is(match->entry, "3"));
	query.name = tw_slice_str("ООО Херон Гулл Трейдинг");
	match = search(query);
	cr_assert(match);
	cr_expect(tw_slice_is(match->entry, "3"));
	query.name = tw_slice_str("ООО Херон Строительство");
	cr_expect_null(search(query), "another trade");
}

Test(list_search, names_that_only_share_words_do_not_hit)
{
	static const char *const others[] = {"Yusuf Quillfeather Memorial Library", "Yusuf", "Trading", "Heron Trading", "Harrow Wharf"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		cr_expect_null(search(named(others[i])), "%s hits", others[i]);
	}
}

Test(list_search, words_run_together_or_torn_apart_hit)
{
	static const char *const spelt[] = {"HERONGULL TRADING", "HERON GULLTRADING CO LTD", "HER ON GULL TRADING LIMITED",
	                                    "HERON GULL TRADING LIMI TED"};
	for (size_t i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		const struct tw_match *match = search((struct tw_list_query){.name = tw_slice_str(spelt[i]), .kind = TW_ENTRY_ORGANISATION});
		cr_assert(match && tw_slice_is(match->entry, "3"), "%s", spelt[i]);
		cr_assert_leq(part(match, "name"), 980000, "below an equal one");
	}
	cr_assert_not(search((struct tw_list_query){.name = tw_slice_str("HERONSTOKE TRADING"), .kind = TW_ENTRY_ORGANISATION}));
}

Test(list_search, what_agrees_little_hits_where_it_is_asked_for_alone)
{
	struct tw_list_query firm = {.name = tw_slice_str("HERON GULL SHIPPING, CARGO AND LOGISTICS CO"), .kind = TW_ENTRY_ORGANISATION};
	const struct tw_match *match = search(firm);
	cr_assert(match && tw_slice_is(match->entry, "3"));
	firm.name_ppm_min = 900000;
	cr_expect_null(search(firm), "it agrees less");
	firm.name = tw_slice_str("HERON GULLED TOWING");
	firm.name_ppm_min = 400000;
	match = search(firm);
	cr_assert(match && tw_slice_is(match->entry, "3"));
	cr_expect_lt(match->similarity_ppm, (uint32_t)TW_LIST_SIMILARITY_PPM_MIN);
	firm.name_ppm_min = 0;
	cr_expect_null(search(firm));
}

Test(list_search, what_else_is_known_lifts_a_name_over_the_least_similarity)
{
	struct tw_list_query man = named("Yusef Quillfether");
	const struct tw_list_date birth = {1961, 4, 9, false}, other = {1985, 1, 2, false};
	const struct tw_match *match = search(man);
	cr_assert(match && tw_slice_is(match->entry, "1"));
	uint32_t alone = match->similarity_ppm;
	man.births = &birth;
	man.birth_count = 1;
	match = search(man);
	cr_assert(match && tw_slice_is(match->entry, "1"));
	cr_expect_gt(match->similarity_ppm, alone);
	man.births = &other;
	match = search(man);
	cr_expect(!match || !tw_slice_is(match->entry, "1") || match->similarity_ppm < alone, "a namesake of another age");
}

Test(list_search, a_firm_where_a_person_is_asked_for_stays_below_one_that_is)
{
	struct tw_list_query query = {.name = tw_slice_str("Heron Gull Trading"), .kind = TW_ENTRY_PERSON};
	const struct tw_match *match = search(query);
	cr_assert(match);
	cr_expect_lt(part(match, "kind"), 0);
	uint32_t mixed = match->similarity_ppm;
	query.kind = TW_ENTRY_UNKNOWN;
	match = search(query);
	cr_assert(match);
	cr_expect_eq(part(match, "kind"), 0);
	cr_expect_gt(match->similarity_ppm, mixed);
	query.kind = TW_ENTRY_ORGANISATION;
	cr_expect_eq(part(search(query), "kind"), 0);
	query = named("Yusuf Harrow Quillfeather");
	query.kind = TW_ENTRY_ORGANISATION;
	cr_expect_lt(part(search(query), "kind"), 0, "and a person where a firm is");
}

Test(list_search, a_misspelt_company_form_is_the_form)
{
	static const char *const spelt[] = {"HERON GULL TRADING COMPNAY LIMTED", "JOINT STCOK COMPANY HERON GULL TRADING",
	                                    "OJINT STOCK COMPANI HERON GULL TRADING"};
	for (size_t i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		const struct tw_match *match = search((struct tw_list_query){.name = tw_slice_str(spelt[i]), .kind = TW_ENTRY_ORGANISATION});
		cr_assert(match && tw_slice_is(match->entry, "3"), "%s", spelt[i]);
		cr_assert_gt(part(match, "name"), 800000, "%s", spelt[i]);
	}
}

Test(list_search, a_form_of_several_words_is_known_though_one_is_in_doubt_or_torn)
{
	static const char *const spelt[] = {"JOINT PTCK COMPANY HERON GULL TRADING", "OEPN JOINT STOCK COMPANY HERON GULL TRADING", "HERON GULL TRADING LI MITED",
	                                    "LMITIED LIABILITY COMPANY HERON GULL TRADING"};
	for (size_t i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		const struct tw_match *match = search((struct tw_list_query){.name = tw_slice_str(spelt[i]), .kind = TW_ENTRY_ORGANISATION});
		cr_assert(match && tw_slice_is(match->entry, "3"), "%s", spelt[i]);
		cr_assert_gt(part(match, "name"), 800000, "%s", spelt[i]);
	}
	const struct tw_match *two = search((struct tw_list_query){.name = tw_slice_str("JIONTT PTCK COMPANY HERON GULL TRADING"), .kind = TW_ENTRY_ORGANISATION});
	cr_assert(!two || part(two, "name") < 800000, "two words in doubt are words");
	const struct tw_match *other = search((struct tw_list_query){.name = tw_slice_str("JOINT VENTURE COMPANY HERON GULL TRADING"), .kind = TW_ENTRY_ORGANISATION});
	cr_assert(!other || part(other, "name") < 900000, "and another word is one");
}

Test(list_search, a_vessel_of_another_number_is_another_vessel)
{
	struct tw_list_query query = named("Sea Heron 1");
	query.kind = TW_ENTRY_VESSEL;
	cr_expect_not_null(search(query));
	query.name = tw_slice_str("Sea Heron 2");
	cr_expect_null(search(query));
	query.name = tw_slice_str("Sea Herron 1");
	cr_expect_not_null(search(query));
}

Test(list_search, an_imo_number_beats_an_equal_name)
{
	struct tw_list_number number = {tw_slice_str("imo"), tw_slice_str("9074729")};
	struct tw_list_query ship = {.name = tw_slice_str("SEA HERON 1"), .kind = TW_ENTRY_VESSEL, .numbers = &number, .number_count = 1};
	const struct tw_match *match = search(ship);
	cr_assert(match && tw_slice_is(match->entry, "2"));
	uint32_t by_name = match->similarity_ppm;
	cr_assert_eq(tw_list_index_identify(index_, number.scheme, number.value, &arena, &matches, &err), TW_OK);
	cr_assert(matches.count == 1 && tw_slice_is(matches.match[0].entry, "5"));
	cr_assert_gt(matches.match[0].similarity_ppm, by_name);
}

Test(list_search, what_agrees_adds_and_what_contradicts_takes_off)
{
	const uint16_t at_home = XA, abroad = XB;
	const struct tw_list_date day = {1961, 4, 9, false}, year = {1961, 0, 0, false}, other = {1970, 1, 1, false}, near = {1962, 0, 0, false};
	const struct tw_list_address address = {tw_slice_str("Wharf Lane 14, Kestrel Bay"), tw_slice_str("Kestrel Bay"), XA};
	const struct tw_list_number number = {tw_slice_str("passport"), tw_slice_str("a992535")};
	struct tw_list_query query = named("Yusuf Harrow Quillfeather");
	uint32_t alone = search(query)->similarity_ppm;
	query.country_count = 1;
	query.countries = &abroad;
	cr_expect_lt(search(query)->similarity_ppm, alone);
	cr_expect_lt(part(search(query), "country"), part(search(query), "rarity") / 2, "the more, the commoner the name");
	query.countries = &at_home;
	cr_expect_gt(search(query)->similarity_ppm, alone);
	query.birth_count = 1;
	query.births = &other;
	cr_expect(tw_slice_is(search(query)->entry, "4"), "the namesake without a birth date comes first then");
	cr_expect(tw_slice_is(matches.match[1].entry, "1"));
	cr_expect_lt(part(&matches.match[1], "birth_date"), 0);
	query.births = &near;
	cr_expect_eq(part(search(query), "birth_date"), 0);
	query.births = &year;
	int32_t by_year = part(search(query), "birth_date");
	query.births = &day;
	cr_expect(by_year > 0 && part(search(query), "birth_date") > by_year);
	query.addresses = &address;
	query.address_count = 1;
	int32_t whole = part(search(query), "address");
	query.addresses = &(const struct tw_list_address){.text = tw_slice_str("Unit 2, Kestrel Bay, Nowhere")};
	int32_t town = part(search(query), "address");
	query.addresses = &(const struct tw_list_address){.text = tw_slice_str("Wharf Lane 15, Kestrel Bay"), .country = XA};
	cr_expect_eq(part(search(query), "address"), town, "the next house is another address");
	query.addresses = &(const struct tw_list_address){.text = tw_slice_str("Wharf Lane 14, Kestrelbayside")};
	cr_expect_eq(part(search(query), "address"), 0, "a town is named by whole words");
	cr_expect(whole > town && town > 0, "%d %d", whole, town);
	query.addresses = &address;
	query.numbers = &number;
	query.number_count = 1;
	cr_expect_gt(part(search(query), "identifier"), 0);
	cr_expect_eq(search(query)->similarity_ppm, 1000000u, "held at the top");
}

Test(list_search, an_address_that_can_only_be_elsewhere_takes_off_a_little)
{
	struct tw_list_query query = {.name = tw_slice_str("Yusuf Harrow Quillfeather"), .kind = TW_ENTRY_PERSON};
	struct tw_list_address address[] = {{tw_slice_str("14 Wharf Lane, Portmoor"), tw_slice_str("Portmoor"), 0},
	                                    {tw_slice_str("2 Tern Street"), tw_slice_str(""), 0}};
	uint32_t silent = search(query)->similarity_ppm;
	query.addresses = address;
	query.address_count = 1;
	int32_t elsewhere = part(search(query), "address");
	cr_assert_lt(elsewhere, 0, "another town");
	cr_assert_geq(elsewhere, -5000, "people move");
	cr_expect_eq(search(query)->similarity_ppm, silent - (uint32_t)-elsewhere);
	query.address_count = 2;
	cr_expect_eq(part(search(query), "address"), 0, "one of no town told apart may be the listed one");
	query.addresses = &(const struct tw_list_address){.text = tw_slice_str("14 Wharf Lane, Kestrel Bay"), .country = XB};
	query.address_count = 1;
	cr_expect_eq(part(search(query), "address"), elsewhere, "another country");
	query.name = tw_slice_str("Heron Gull Trading Co. Ltd.");
	query.kind = TW_ENTRY_ORGANISATION;
	cr_expect_eq(part(search(query), "address"), 0, "an entry that states none");
}

Test(list_search, a_country_that_is_not_stated_says_nothing)
{
	const uint16_t none[] = {0, 0};
	struct tw_list_query query = named("Yusuf Harrow Quillfeather");
	query.countries = none;
	query.country_count = 2;
	cr_expect_eq(part(search(query), "country"), 0);
}

Test(list_search, the_parts_make_the_similarity)
{
	const struct tw_match *match = search(named("Harrowman Quillfeather"));
	int32_t sum = 0;
	cr_assert(match);
	for (uint32_t i = 0; i < match->part_count; i++) {
		sum += match->part[i].ppm;
	}
	cr_expect_eq((uint32_t)sum, match->similarity_ppm);
	cr_expect_eq(part(match, "name"), 1000000);
	cr_expect_eq(part(match, "quality"), -100000);
	cr_expect_lt(part(match, "rarity"), 0);
	cr_expect_eq(match->measures, (uint32_t)TW_MEASURE_ARMS_EMBARGO);
	cr_expect_eq(match->listed_on.year, 2011);
}

Test(list_search, of_equal_names_the_one_written_so_comes_first)
{
	uint32_t written = search(named("Quillfeather, Yusuf Harrow"))->similarity_ppm;
	uint32_t turned = search(named("Harrow Yusuf Quillfeather"))->similarity_ppm;
	cr_expect_lt(part(search(named("Harrow Yusuf Quillfeather")), "spelling"), 0);
	cr_expect_eq(part(search(named("QUILLFEATHER, Yusuf Harrow")), "spelling"), 0);
	cr_expect_gt(written, turned);
	cr_expect_lt(written - turned, 12000u);
}

Test(list_search, a_higher_threshold_gives_fewer_hits)
{
	struct tw_list_query query = named("Yusuf Harrow Quillfeather");
	query.name_ppm_min = 1000000;
	search(query);
	cr_expect_eq(matches.count, 1u);
}

Test(list_search, with_and_without_a_memo_the_answer_is_one)
{
	struct tw_list_query query = named("Yusef Harow Quillfeather");
	uint32_t with = search(query)->similarity_ppm;
	tw_list_memo_forget(memo);
	cr_expect_eq(search(query)->similarity_ppm, with);
	cr_assert_eq(tw_list_index_search(index_, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.match[0].similarity_ppm, with);
}

Test(list_search, a_name_past_its_bound_is_refused_and_nothing_is_written)
{
	char name[TW_NAME_BYTES_MAX + 1];
	memset(name, 'a', sizeof(name));
	matches.count = 77;
	const struct tw_list_query query = {.name = {name, sizeof(name)}, .memo = memo};
	cr_expect_eq(tw_list_index_search(index_, &query, &arena, &matches, &err), TW_E_LIMIT);
	cr_expect_eq(matches.count, 77u);
}

/* ---- what is hidden takes no place ---- */

#define CROWD 40U /* more than TW_HITS_MAX */

/* Persons of one name and number, references 001 to 040. */
static struct tw_list_index *crowd_make(void)
{
	struct tw_list_stage *stage = fixture_stage("xb-list");
	for (uint32_t i = 1; i <= CROWD; i++) {
		char id[8];
		snprintf(id, sizeof(id), "%03u", i);
		uint32_t entry = entry_add(stage, id, TW_ENTRY_PERSON, "Orla Marsh Tern");
		cr_assert(tw_list_stage_name(stage, entry, tw_slice_str("Tern Orla Marshe"), TW_NAME_STRONG));
		cr_assert(tw_list_stage_identifier(stage, entry, "passport", tw_slice_str("T-884213"), tw_slice_str("Nowhere")));
	}
	return fixture_index(&stage, 1);
}

/* Hides references up to the one that is the context. */
static bool hides_until(void *context, struct tw_slice list, struct tw_slice entry)
{
	return tw_slice_is(list, "xb-list") && tw_slice_compare(entry, tw_slice_str(context)) <= 0;
}

static void assert_from(const char *first, uint32_t count)
{
	cr_assert_eq(matches.count, count, "%u", matches.count);
	cr_expect(tw_slice_is(matches.match[0].entry, first));
	for (uint32_t i = 1; i < matches.count; i++) {
		cr_expect_lt(tw_slice_compare(matches.match[i - 1].entry, matches.match[i].entry), 0);
	}
}

Test(list_search, hidden_entries_take_no_place_among_the_hits)
{
	struct tw_list_index *crowd = crowd_make();
	static char last[] = "033", none[] = "000", all[] = "040";
	struct tw_list_filter filter = {.hides = hides_until, .context = none};
	struct tw_list_query query = named("Orla Marsh Tern");
	query.filter = &filter;
	cr_assert_eq(tw_list_index_search(crowd, &query, &arena, &matches, &err), TW_OK);
	assert_from("001", TW_HITS_MAX);
	cr_expect_eq(filter.hidden, 0u);
	filter.context = last;
	cr_assert_eq(tw_list_index_search(crowd, &query, &arena, &matches, &err), TW_OK);
	assert_from("034", 7);
	cr_expect_eq(filter.hidden, 33u, "each entry once, by however many names it comes");
	filter = (struct tw_list_filter){.hides = hides_until, .context = last};
	cr_assert_eq(tw_list_index_identify_but(crowd, tw_slice_str("passport"), tw_slice_str("T 884213"), &filter, &arena, &matches, &err), TW_OK);
	assert_from("034", 7);
	cr_expect_eq(filter.hidden, 33u);
	filter.context = all;
	cr_assert_eq(tw_list_index_identify_but(crowd, tw_slice_str("passport"), tw_slice_str("T 884213"), &filter, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 0u);
	tw_list_index_free(crowd);
}

/* The memo remembers names that hit nothing, not names whose hits are hidden from one party. */
Test(list_search, a_name_whose_hits_are_hidden_once_is_found_the_next_time)
{
	struct tw_list_filter filter = {.hides = hides_until, .context = (char[]){"zzz"}};
	struct tw_list_index *crowd = crowd_make();
	struct tw_list_memo *crowd_memo = NULL;
	struct tw_list_query query = named("Orla Marsh Tern");
	cr_assert_eq(tw_list_memo_new(crowd, &crowd_memo, &err), TW_OK);
	query.memo = crowd_memo;
	query.filter = &filter;
	cr_assert_eq(tw_list_index_search(crowd, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 0u);
	query.filter = NULL;
	cr_assert_eq(tw_list_index_search(crowd, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, TW_HITS_MAX);
	tw_list_memo_free(crowd_memo);
	tw_list_index_free(crowd);
}

Test(list_search, meets_words_written_as_one_or_as_two)
{
	static const struct {
		const char *query;
		enum tw_entry_kind kind;
		const char *entry; /* NULL: nothing */
	} cases[] = {
	    {"Seaheron 1", TW_ENTRY_VESSEL, "2"},
	    {"Herongull Trading Co", TW_ENTRY_ORGANISATION, "3"},
	    {"Heron Gulltrading", TW_ENTRY_ORGANISATION, "3"},
	    {"Yusuf Harrow Quill Feather", TW_ENTRY_PERSON, "1"},
	    {"Yusuf Har Row Quillfeather", TW_ENTRY_PERSON, "1"},
	    {"Gullheron Wharf Ltd", TW_ENTRY_ORGANISATION, NULL}, /* not side by side in this order */
	    {"Seaheron 2", TW_ENTRY_VESSEL, NULL},                /* another number is another ship */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int again = 0; again < 2; again++) { /* remembered, it is the same */
			const struct tw_match *hit = search((struct tw_list_query){.name = tw_slice_str(cases[i].query), .kind = cases[i].kind});
			cr_expect_eq(hit != NULL, cases[i].entry != NULL, "%s", cases[i].query);
			if (hit && cases[i].entry) {
				cr_expect(tw_slice_is(hit->entry, cases[i].entry), "%s", cases[i].query);
				cr_expect_lt(part(hit, "name"), 1000000, "%s: less than an equal name", cases[i].query);
			}
		}
	}
}

Test(list_search, another_romanisation_of_a_chinese_name_is_found_and_costs)
{
	const struct tw_match *match = search(named("Chang Chiu-ling"));
	cr_expect_null(match, "another name");
	match = search(named("Cheung Chi-ming"));
	cr_assert_not_null(match);
	cr_expect(tw_slice_is(match->entry, "6"));
	cr_expect_lt(part(match, "reading"), 0);
	cr_expect_eq(part(search(named("Zhang Qiming")), "reading"), 0);
}

Test(list_search, signs_that_a_scanner_took_for_others_are_found_and_cost)
{
	const struct tw_match *match = search(named("Yusuf Harrow QU1LLFEATHER"));
	cr_assert_not_null(match);
	cr_expect(tw_slice_is(match->entry, "1"));
	cr_expect_lt(part(match, "reading"), 0);
}

Test(list_search, a_name_that_a_field_cut_is_found)
{
	struct tw_list_query query = named("Northern Tern and Quill Research In");
	query.kind = TW_ENTRY_ORGANISATION;
	const struct tw_match *match = search(query);
	cr_assert_not_null(match);
	cr_expect(tw_slice_is(match->entry, "7"));
}

Test(list_search, a_ships_lone_word_says_less_than_two)
{
	struct tw_list_query query = named("TURNSTONE");
	query.kind = TW_ENTRY_VESSEL;
	const struct tw_match *match = search(query);
	cr_assert_not_null(match);
	int32_t lone = (int32_t)match->similarity_ppm, rarity = part(match, "rarity");
	query = named("WHARF KESTREL");
	query.kind = TW_ENTRY_VESSEL;
	match = search(query);
	cr_expect_lt(lone, (int32_t)match->similarity_ppm - 100000);
	cr_expect_lt(rarity, part(match, "rarity") - 100000, "and the explanation says so");
}
