/**
 * @file list_tables_test.c
 * The real tables, whole, where the folder of real lists is ($TW_DATA): entries by kind, addresses, and OFSI's names were counted with
 * another parser (Python's csv); names of OFAC's non-SDN set (they include those in remarks) and all identifiers are this reader's own count, kept
 * against change.
 */
#include "tests/unit/feeds/list_fixture.h"

static struct tw_arena arena;
static struct tw_list_stage *stage;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	stage = fixture_stage("list");
}

static void teardown(void)
{
	if (stage) {
		fixture_stage_free(stage);
	}
	tw_arena_fini(&arena);
}

TestSuite(list_tables, .init = setup, .fini = teardown);

/* The file's bytes; the test is skipped, saying so, where it is not there. */
static struct tw_list_file data(const char *name)
{
	const char *path = fixture_data(name, &arena);
	return (struct tw_list_file){path, fixture_read(path)};
}

static void load(enum tw_code (*read)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *), const struct tw_list_file *files,
                 uint32_t count)
{
	struct tw_error err = {0};
	cr_assert_eq(read(stage, files, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	for (uint32_t i = 0; i < count; i++) {
		free((void *)(uintptr_t)files[i].bytes.ptr);
	}
}

static void expect_report(struct tw_list_report expected)
{
	const struct tw_list_report *got = &stage->report;
	cr_expect_eq(got->persons, expected.persons, "%u persons", got->persons);
	cr_expect_eq(got->organisations, expected.organisations, "%u organisations", got->organisations);
	cr_expect_eq(got->vessels, expected.vessels, "%u vessels", got->vessels);
	cr_expect_eq(got->others, expected.others, "%u others", got->others);
	cr_expect_eq(got->names, expected.names, "%u names", got->names);
	cr_expect_eq(got->identifiers, expected.identifiers, "%u identifiers", got->identifiers);
	cr_expect_eq(got->addresses, expected.addresses, "%u addresses", got->addresses);
	for (uint32_t i = 0; i < got->skip_count; i++) {
		if (strcmp(got->skip[i].reason, "a country that the code lists do not have") == 0) {
			continue; /* the fixture knows five */
		}
		cr_expect_not(got->skip[i].unread, "%s, line %u", got->skip[i].reason, got->skip[i].first_line);
		cr_expect(false, "%u: %s, first on line %u", got->skip[i].count, got->skip[i].reason, got->skip[i].first_line);
	}
}

Test(list_tables, ofsis_list_of_april_2018_is_read_whole_where_it_is_there)
{
	struct tw_list_file file = data("uk/sanctionsconlist_2018-04-13.csv");
	load(tw_ofsi_csv_load, &file, 1);
	expect_report((struct tw_list_report){.persons = 1426, .organisations = 680, .names = 5553, .identifiers = 548, .addresses = 1159});
	cr_expect(tw_slice_is(stage->report.date, "13/04/2018"));
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_str_eq(fixture_entry(index, "list", "13349", &arena), "13349 person The ISIL (Da'esh) and Al-Qaida organisations\n"
	                                                                "primary: Nayef Salam Muhammad Ujaym AL-HABABI\n"
	                                                                "strong: Sheikh Farooq AL-QAHTANI\n"
	                                                                "strong: Farouq al-Qahtani AL QATARI\n"
	                                                                "strong: Nayf Salam Muhammad Ujaym AL-HABABI\n"
	                                                                "strong: Faruq AL-QAHTANI\n"
	                                                                "strong: Faruq AL-QATARI\n"
	                                                                "strong: Sheikh Faroq AL-QATARI\n"
	                                                                "strong: Imran Farouk SHAYKH\n"
	                                                                "passport: 592667\n"
	                                                                "countries: SA AF\n");
	cr_expect_str_eq(fixture_entry(index, "list", "13562", &arena), "13562 person North Korea (Democratic People's Republic of Korea)\n"
	                                                                "primary: Kim Kyong IL\n"
	                                                                "strong: Kim KYO'NG-IL\n"
	                                                                "passport: 836210029\n"
	                                                                "countries:\n");
	tw_list_index_free(index);
}

Test(list_tables, the_denied_persons_of_2019_are_read_whole_where_they_are_there)
{
	struct tw_list_file file = data("ofac/bis_dpl_2019.txt");
	load(tw_bis_dpl_load, &file, 1);
	expect_report((struct tw_list_report){.others = 543, .names = 543, .addresses = 543});
	uint32_t ended = 0;
	for (uint32_t i = 0; i < stage->entries.count; i++) {
		ended += tw_list_stage_entry_at(stage, i)->removed_on.year != 0;
	}
	cr_expect_eq(ended, 490u, "%u", ended);
}

Test(list_tables, ofacs_other_lists_are_read_whole_where_they_are_there)
{
	const struct tw_list_file files[] = {data("ofac/cons_prim.csv"), data("ofac/cons_alt.csv"), data("ofac/cons_add.csv")};
	load(tw_ofac_csv_load, files, 3);
	expect_report((struct tw_list_report){.persons = 79, .organisations = 363, .names = 1583, .identifiers = 735, .addresses = 522});
	cr_expect_eq(tw_list_stage_entry_at(stage, 0)->measures, 0u);
}
