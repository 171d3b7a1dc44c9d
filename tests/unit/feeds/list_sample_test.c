/**
 * @file list_sample_test.c
 * The shipped lists, whole: counts that were taken with another parser (Python's ElementTree and csv), and ten entries with everything
 * that their issuers say of them, which were written out by that parser too.
 */
#include <tidewaiter/limits.h>

#include "tests/unit/feeds/list_fixture.h"

/* Names of one or two letters ("H7", "GI"): too little to stand for anybody, so they never hit. */
#define UNFOUND 16U
#define CROWDED 3U /* common names that more entries nearly have than are given: the nearest of them are */

static struct tw_arena arena;
static struct tw_list_stage *un, *ofac;

static void load_un(const char *path)
{
	struct tw_error err = {0};
	struct tw_slice bytes = fixture_read(path);
	un = fixture_stage("un-sc");
	cr_assert_eq(tw_un_xml_load(un, &(struct tw_list_file){path, bytes}, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	free((void *)(uintptr_t)bytes.ptr);
}

static void load_ofac(const char *sdn_path, const char *alt_path, const char *add_path)
{
	struct tw_error err = {0};
	const struct tw_list_file files[] = {
	    {sdn_path, fixture_read(sdn_path)}, {alt_path, fixture_read(alt_path)}, {add_path, fixture_read(add_path)}};
	ofac = fixture_stage("ofac-sdn");
	cr_assert_eq(tw_ofac_csv_load(ofac, files, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		free((void *)(uintptr_t)files[i].bytes.ptr);
	}
}

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(list_sample, .init = setup, .fini = teardown);

static void expect_report(const struct tw_list_report *got, struct tw_list_report expected)
{
	cr_expect_eq(got->persons, expected.persons, "%u persons", got->persons);
	cr_expect_eq(got->organisations, expected.organisations, "%u organisations", got->organisations);
	cr_expect_eq(got->vessels, expected.vessels, "%u vessels", got->vessels);
	cr_expect_eq(got->aircraft, expected.aircraft, "%u aircraft", got->aircraft);
	cr_expect_eq(got->others, 0u);
	cr_expect_eq(got->names, expected.names, "%u names", got->names);
	cr_expect_eq(got->identifiers, expected.identifiers, "%u identifiers", got->identifiers);
	cr_expect_eq(got->addresses, expected.addresses, "%u addresses", got->addresses);
	cr_expect_eq(got->orphans, expected.orphans, "%u orphans", got->orphans);
	cr_expect_eq(got->blank_names, expected.blank_names, "%u blank names", got->blank_names);
	cr_expect_eq(got->cut_remarks, expected.cut_remarks, "%u cut remarks", got->cut_remarks);
}

Test(list_sample, the_un_list_of_february_2026_is_read_whole)
{
	load_un(SAMPLE_UN);
	expect_report(
	    &un->report,
	    (struct tw_list_report){.persons = 730, .organisations = 273, .names = 4237, .identifiers = 473, .addresses = 811, .blank_names = 291});
	cr_expect(tw_slice_is(un->report.date, "2026-02-27"));
	fixture_stage_free(un);
}

Test(list_sample, the_ofac_list_of_2019_is_read_whole)
{
	load_ofac(SAMPLE_OFAC "/sdn.csv", SAMPLE_OFAC "/alt.csv", SAMPLE_OFAC "/add.csv");
	expect_report(&ofac->report, (struct tw_list_report){.persons = 3845,
	                                                     .organisations = 2994,
	                                                     .vessels = 323,
	                                                     .aircraft = 217,
	                                                     .names = 19098,
	                                                     .identifiers = 5565,
	                                                     .addresses = 9474,
	                                                     .cut_remarks = 3});
	fixture_stage_free(ofac);
}

/* Where the folder of larger real lists is. */
static const char *data(const char *name)
{
	return fixture_data(name, &arena);
}

Test(list_sample, the_un_list_of_2020_is_read_whole_where_it_is_there)
{
	load_un(data("un/UN_consolidated_2020.xml"));
	expect_report(
	    &un->report,
	    (struct tw_list_report){.persons = 713, .organisations = 305, .names = 4194, .identifiers = 438, .addresses = 840, .blank_names = 611});
	cr_expect(tw_slice_is(un->report.date, "2020-11-30"));
	fixture_stage_free(un);
}

Test(list_sample, ofac_of_may_2024_with_later_aliases_survives_its_orphans_where_it_is_there)
{
	load_ofac(data("ofac/sdn_2024-05-03.csv"), data("ofac/alt.csv"), data("ofac/add.csv"));
	expect_report(&ofac->report, (struct tw_list_report){.persons = 6854,
	                                                     .organisations = 6884,
	                                                     .vessels = 851,
	                                                     .aircraft = 376,
	                                                     .names = 36275,
	                                                     .identifiers = 15588,
	                                                     .addresses = 16795,
	                                                     .orphans = 2460 + 4893,
	                                                     .cut_remarks = 16});
	fixture_stage_free(ofac);
}

static const struct {
	const char *list, *id, *text;
} entries[] = {
    {"un-sc", "IQi.001",
     "IQi.001 person Iraq\n"
     "primary: SADDAM HUSSEIN AL-TIKRITI\n"
     "weak: Abu Ali\n"
     "script: صدام حسين التكريتي\n"
     "countries: IQ\n"},
    {"un-sc", "QDi.080",
     "QDi.080 person Al-Qaida\n"
     "primary: SAID BAHAJI\n"
     "strong: Zouheir Al Maghribi\n"
     "weak: Mohamed Abbattay\n"
     "weak: Abderrahmane Al Maghribi\n"
     "script: سعيد باهاجى\n"
     "passport: 28642163 DE\n"
     "passport: 954242 MA\n"
     "national_id: 1336597587 DE\n"
     "countries: DE MA\n"},
    {"un-sc", "QDi.299",
     "QDi.299 person Al-Qaida\n"
     "primary: IBRAHIM AWWAD IBRAHIM ALI AL-BADRI AL-SAMARRAI\n"
     "strong: Dr. Ibrahim ‘Awwad Ibrahim ’Ali al-Badri al-Samarrai’\n"
     "weak: أبو دعاء\n"
     "weak: Dr. Ibrahim\n"
     "weak: أبو بكر البغدادي الحسيني القريشي\n"
     "weak: Abu Bakr al-Baghdadi al-Husayni al-Quraishi\n"
     "weak: Abu Bakr al-Baghdadi\n"
     "script: إبراهيم عواد إبراهيم علي البدري السامرائي\n"
     "national_id: 0134852\n"
     "countries: IQ SY\n"},
    {"un-sc", "TAi.154",
     "TAi.154 person Taliban\n"
     "primary: MALIK NOORZAI\n"
     "strong: حاجى مالك نورزى\n"
     "strong: Hajji Malik Noorzai\n"
     "strong: Hajji Malak Noorzai\n"
     "strong: Haji Malek Noorzai\n"
     "weak: Haji Maluk\n"
     "weak: Haji Aminullah\n"
     "strong: Allah Muhammad\n"
     "script: مالک نورزى\n"
     "passport: FA0157612 PK\n"
     "national_id: 54201-247561-5 PK\n"
     "countries: AF PK\n"},
    {"un-sc", "KPe.020",
     "KPe.020 organisation DPRK\n"
     "primary: OCEAN MARITIME MANAGEMENT COMPANY, LIMITED (OMM)\n"
     "strong: East Sea Shipping Company\n"
     "strong: Korea Mirae Shipping Co. Ltd\n"
     "strong: Haeyang Crew Management Company\n"
     "imo_company: 1790183\n"
     "countries: KP\n"},
    {"un-sc", "QDe.137",
     "QDe.137 organisation Al-Qaida\n"
     "primary: AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT\n"
     "strong: Hay’at Tahrir al-Sham (HTS)\n"
     "strong: هيئة تحرير الشام\n"
     "strong: Hay’at Tahrir al-Sham\n"
     "strong: Hay’et Tahrir al-Sham\n"
     "strong: Hayat Tahrir al-Sham\n"
     "strong: Assembly for the Liberation of Syria\n"
     "strong: Assembly for the Liberation of the Levant\n"
     "strong: Liberation of al-Sham Commission\n"
     "strong: Liberation of the Levant Organisation Tahrir al-Sham\n"
     "strong: Tahrir al-Sham Hay’at\n"
     "strong: جبهة النصرة\n"
     "strong: the Victory Front\n"
     "strong: Jabhat al-Nusrah\n"
     "strong: Jabhet al-Nusra\n"
     "strong: Al-Nusrah Front\n"
     "strong: Al-Nusra Front\n"
     "strong: جبهة فتح الشام\n"
     "strong: Jabhat Fath al Sham\n"
     "strong: Jabhat Fath al-Sham\n"
     "strong: Jabhat Fatah al-Sham\n"
     "strong: Jabhat Fateh Al-Sham\n"
     "strong: Fatah al-Sham Front\n"
     "strong: Fateh al-Sham Front\n"
     "strong: Conquest of the Levant Front\n"
     "strong: The Front for the Liberation of al Sham\n"
     "strong: Front for the Conquest of Syria/the Levant\n"
     "strong: Front for the Liberation of the Levant\n"
     "strong: Front for the Conquest of Syria\n"
     "strong: شبكة أنصار المجاهدين\n"
     "strong: Ansar al-Mujahideen Network - sub-unit name\n"
     "strong: مجاهدو الشام في ساحات الجهاد\n"
     "strong: Levantine Mujahideen on the Battlefields of Jihad - sub-unit name\n"
     "script: جبهة النصرة لأهل الشام\n"
     "countries: SY IQ\n"},
    {"ofac-sdn", "306",
     "306 organisation CUBA\n"
     "primary: BANCO NACIONAL DE CUBA\n"
     "weak: BNC\n"
     "strong: NATIONAL BANK OF CUBA\n"
     "countries: CH ES JP PA\n"},
    {"ofac-sdn", "15036",
     "15036 vessel IRAN\n"
     "primary: ARTAVIL\n"
     "former: ABADAN\n"
     "former: ALPHA\n"
     "former: SHONA\n"
     "call_sign: T2EU4\n"
     "imo: 9187629\n"
     "mmsi: 572469210\n"
     "countries: IR\n"},
    {"ofac-sdn", "15431",
     "15431 aircraft SDGT\n"
     "primary: EP-GOM\n"
     "aircraft_serial: 8401\n"
     "aircraft_serial: 1023409321\n"
     "countries:\n"},
    {"ofac-sdn", "7263",
     "7263 person SDGT\n"
     "primary: JULAIDAN, Wa'el Hamza Abd Al-Fatah\n"
     "weak: ABU AL-HASAN AL MADANI\n"
     "strong: JALADIN, Wa'el Hamza\n"
     "strong: JALADIN, Wa'il Hamza\n"
     "strong: JALAIDAN, Wa'el Hamza\n"
     "strong: JALAIDAN, Wa'il Hamza\n"
     "strong: JULAIDAN, Wa'il Hamza\n"
     "strong: JULAYDAN, Wa'el Hamza\n"
     "strong: JULAYDAN, Wa'il Hamza\n"
     "strong: JILDAN, Wail H.A.\n"
     "passport: A-992535 SA\n"
     "passport: B 524420\n"
     "countries: SA\n"},
};

Test(list_sample, ten_entries_hold_all_that_their_issuers_say)
{
	load_un(SAMPLE_UN);
	load_ofac(SAMPLE_OFAC "/sdn.csv", SAMPLE_OFAC "/alt.csv", SAMPLE_OFAC "/add.csv");
	struct tw_list_index *index = fixture_index((struct tw_list_stage *[]){un, ofac}, 2);
	cr_assert_eq(sizeof(entries) / sizeof(entries[0]), 10u);
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		cr_expect_str_eq(fixture_entry(index, entries[i].list, entries[i].id, &arena), entries[i].text);
	}
	struct tw_list_stat stat = tw_list_index_stat(index);
	cr_expect_eq(stat.entries, 730u + 273u + 7379u);
	cr_expect_eq(stat.names, 4237u + 19098u);
	cr_expect_eq(stat.identifiers, 473u + 5565u);
	cr_expect_lt(stat.bytes, 16u * 1024u * 1024u);
	tw_list_index_free(index);
}

/* Every listed name, screened as it stands, must find its own entry: nothing in the index is out of reach. */
Test(list_sample, every_listed_name_of_three_letters_or_more_finds_its_entry)
{
	load_un(SAMPLE_UN);
	load_ofac(SAMPLE_OFAC "/sdn.csv", SAMPLE_OFAC "/alt.csv", SAMPLE_OFAC "/add.csv");
	const struct tw_list_stage *stages[] = {un, ofac};
	uint32_t screened = 0, unfound = 0, crowded = 0;
	struct tw_list_index *index = NULL;
	struct tw_list_builder *builder = NULL;
	struct tw_error err = {0};
	cr_assert_eq(tw_list_builder_new(NULL, &builder, &err), TW_OK);
	builder->stage[builder->stage_count++] = un;
	builder->stage[builder->stage_count++] = ofac;
	cr_assert_eq(tw_list_index_build(builder, &index, &err), TW_OK);
	struct tw_list_memo *memo = NULL; /* of no name: each is searched for */
	cr_assert_eq(tw_list_memo_new(index, &memo, &err), TW_OK);
	for (size_t s = 0; s < 2; s++) {
		const struct tw_stage_name *names = stages[s]->names.data;
		const struct tw_stage_entry *staged = stages[s]->entries.data;
		for (uint32_t i = 0; i < stages[s]->names.count; i++) {
			struct tw_matches matches;
			tw_arena_reset(&arena);
			tw_list_memo_forget_names(memo);
			const struct tw_list_query query = {.name = names[i].name.text, .kind = staged[names[i].entry].kind, .memo = memo};
			cr_assert_eq(tw_list_index_search(index, &query, &arena, &matches, &err), TW_OK);
			bool found = false;
			for (uint32_t k = 0; k < matches.count; k++) {
				found = found || tw_slice_equal(matches.match[k].entry, staged[names[i].entry].id);
			}
			screened++;
			unfound += !found;
			crowded += matches.count == TW_HITS_MAX;
		}
	}
	cr_expect_eq(screened, 4237u + 19098u);
	cr_expect_leq(crowded, CROWDED, "%u names have TW_HITS_MAX hits", crowded);
	cr_expect_eq(unfound, UNFOUND, "%u names find nothing", unfound);
	tw_list_memo_free(memo);
	tw_list_index_free(index);
	tw_list_builder_free(builder);
}
