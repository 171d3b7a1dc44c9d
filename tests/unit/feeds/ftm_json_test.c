/** @file ftm_json_test.c  FollowTheMoney entities, flat and nested: kinds, joins in any order, every way to be passed over. */
#include "tests/unit/feeds/json_fixture.h"

#define ENTITY(id, schema, in) "{\"id\":\"" id "\",\"schema\":\"" schema "\",\"properties\":{" in "}}"
#define LINE(id, schema, in)   ENTITY(id, schema, in) "\n"
#define ALPHA                  LINE("A", "Person", "\"name\":[\"Al Pha\"]")

Test(ftm_json, a_person_with_everything)
{
	json_expect_entry(
	    tw_ftm_json_load,
	    "{\"properties\":{\"alias\":[\"Alf\"],\"weakAlias\":[\"Caesar\"],\"previousName\":[\"Be Ta\"],\"name\":[\"Альфа\",\"A. Pha\",\"Al Pha\"],"
	    "\"birthDate\":[\"1962\",\"1962-09-03\",\"1962-09\"],\"nationality\":[\"Nowhere\"],\"country\":[\"Elsewhere\"],\"address\":[\"1 Dock "
	    "Road\"],"
	    "\"passportNumber\":[\"Y5391\"],\"idNumber\":[\"77\"],\"innCode\":[\"5401\"],\"notes\":[\"no\"]},\"schema\":\"Person\",\"target\":true,"
	    "\"caption\":\"Al Pha\",\"id\":\"A\"}\n",
	    "A",
	    "A person \nprimary: Al Pha\nstrong: Alf\nweak: Caesar\nformer: Be Ta\nscript: Альфа\nstrong: A. Pha\npassport: Y5391\nnational_id: 77\n"
	    "tax: 5401\ncountries: XA XB\nborn: 1962-00-00\nborn: 1962-09-03\nborn: 1962-09-00\naddress: 1 Dock Road []\n");
}

Test(ftm_json, each_schema_has_its_kind_and_numbers)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
	    {LINE("A", "Vessel",
	          "\"name\":[\"Alpha\"],\"imoNumber\":[\"IMO9074729\"],\"mmsi\":[\"572469210\"],\"callSign\":[\"XA12\"],\"flag\":[\"Nowhere\"]"),
	     "A vessel \nprimary: Alpha\nimo: 9074729\nmmsi: 572469210\ncall_sign: XA12\ncountries: XA\n"},
	    {LINE("A", "Airplane", "\"name\":[\"XA-ABC\"],\"registrationNumber\":[\"XA-ABC\"],\"serialNumber\":[\"20102\"]"),
	     "A aircraft \nprimary: XA-ABC\ntail_number: XA-ABC\naircraft_serial: 20102\ncountries:\n"},
	    {LINE("A", "Company",
	          "\"name\":[\"Alpha\"],\"registrationNumber\":[\"11\"],\"leiCode\":[\"22\"],\"taxNumber\":[\"33\"],\"swiftBic\":[\"44\"],"
	          "\"imoNumber\":[\"5342883\"]"),
	     "A organisation \nprimary: Alpha\nregistration: 11\nregistration: 22\ntax: 33\nbic: 44\nimo_company: 5342883\ncountries:\n"},
	    {LINE("A", "LegalEntity", "\"name\":[\"Alpha\"]"), "A unknown \nprimary: Alpha\ncountries:\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_expect_entry(tw_ftm_json_load, cases[i].line, "A", cases[i].text);
	}
}

#define JOINED                                                                                                                                       \
	"A person X\nprimary: Al Pha\npassport: Y5391 XA\ncountries: XB\naddress: 1 Dock Road, Alphaville [Alphaville]\nfamily: B\nacting for: C\n"  \
	"measures: arms embargo, asset freeze\nlisted: 2014-03-01\nremoved: 2020-05-06\n"

Test(ftm_json, records_find_their_entity_whether_before_or_behind_it)
{
	const char *sanctions = LINE("s1", "Sanction",
	                             "\"entity\":[\"A\"],\"program\":[\"X\"],\"startDate\":[\"2015-01-02\"],\"endDate\":[\"2019\"],"
	                             "\"provisions\":[\"Asset freeze\"]")
	    LINE("s2", "Sanction",
	         "\"entity\":[\"A\"],\"program\":[\"Y\"],\"listingDate\":[\"2014-03-01\"],\"endDate\":[\"2020-05-06\"],"
	         "\"provisions\":[\"Arms embargo\"]");
	const char *others =
	    LINE("i", "Identification", "\"holder\":[\"A\"],\"type\":[\"Passport\"],\"number\":[\"Y5391\"],\"country\":[\"Nowhere\"]")
	        LINE("p", "Address", "\"street\":[\"1 Dock Road\"],\"city\":[\"Alphaville\"],\"country\":[\"Elsewhere\"]")
	            LINE("f", "Family", "\"person\":[\"A\"],\"relative\":[\"B\"]")
	                LINE("r", "Representation", "\"agent\":[\"A\"],\"client\":[\"C\"]");
	const char *entity = LINE("A", "Person", "\"name\":[\"Al Pha\"],\"addressEntity\":[\"p\"]");
	struct tw_arena arena;
	tw_arena_init(&arena, 16384, 0);
	json_expect_entry(tw_ftm_json_load, tw_arena_format(&arena, "%s%s%s", sanctions, others, entity).ptr, "A", JOINED);
	json_expect_entry(tw_ftm_json_load, tw_arena_format(&arena, "%s%s%s", entity, sanctions, others).ptr, "A", JOINED);
	tw_arena_fini(&arena);
}

Test(ftm_json, nested_records_belong_to_the_entity_around_them)
{
	const char *first =
	    ENTITY("s1", "Sanction", "\"program\":[\"X\"],\"startDate\":[\"2015-01-02\"],\"endDate\":[\"2019\"],\"provisions\":[\"Asset freeze\"]");
	const char *second =
	    ENTITY("s2", "Sanction", "\"listingDate\":[\"2014-03-01\"],\"endDate\":[\"2020-05-06\"],\"provisions\":[\"Arms embargo\"]");
	const char *passport = ENTITY("i", "Passport", "\"number\":[\"Y5391\"],\"country\":[\"Nowhere\"]");
	const char *place = ENTITY("p", "Address", "\"street\":[\"1 Dock Road\"],\"city\":[\"Alphaville\"],\"country\":[\"Elsewhere\"]");
	const char *family = "{\"id\":\"f\",\"schema\":\"Family\",\"properties\":{\"relative\":[" ENTITY("B", "Person", "\"name\":[\"Be Ta\"]") "]}}";
	const char *agency =
	    "{\"id\":\"r\",\"schema\":\"Representation\",\"properties\":{\"client\":[" ENTITY("C", "Company", "\"name\":[\"Ce\"]") "]}}";
	struct tw_arena arena;
	tw_arena_init(&arena, 16384, 0);
	struct tw_slice line = tw_arena_format(&arena,
	                                       "{\"id\":\"A\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Al Pha\"],\"sanctions\":[%s,%s],"
	                                       "\"identification\":[%s],\"addressEntity\":[%s],\"familyPerson\":[%s],\"agencyClient\":[%s]}}\n",
	                                       first, second, passport, place, family, agency);
	json_expect_entry(tw_ftm_json_load, line.ptr, "A", JOINED);
	tw_arena_fini(&arena);
}

Test(ftm_json, owners_operators_and_parents_are_links)
{
	json_expect_entry(tw_ftm_json_load,
	                  LINE("A", "Vessel", "\"name\":[\"Alpha\"],\"owner\":[\"B\"],\"operator\":[" ENTITY("C", "Company", "\"name\":[\"Ce\"]") "]")
	                      LINE("o", "Ownership", "\"owner\":[\"D\"],\"asset\":[\"A\"]"),
	                  "A", "A vessel \nprimary: Alpha\ncountries:\nowned by: B\noperated by: C\nowned by: D\n");
	json_expect_entry(tw_ftm_json_load, LINE("A", "Company", "\"name\":[\"Alpha\"],\"parent\":[\"B\"]"), "A",
	                  "A organisation \nprimary: Alpha\ncountries:\nsubsidiary of: B\n");
}

Test(ftm_json, a_sanction_without_an_end_keeps_the_entry_listed)
{
	json_expect_entry(tw_ftm_json_load,
	                  ALPHA LINE("s1", "Sanction", "\"entity\":[\"A\"],\"endDate\":[\"2019\"]") LINE("s2", "Sanction", "\"entity\":[\"A\"]")
	                      LINE("s3", "Sanction", "\"entity\":[\"A\"],\"endDate\":[\"2020\"]"),
	                  "A", "A person \nprimary: Al Pha\ncountries:\n");
}

Test(ftm_json, what_is_no_entry_is_counted_by_reason)
{
	struct tw_list_stage *stage = json_load(
	    tw_ftm_json_load, tw_slice_str(ALPHA "{\"id\":\"B\",\"schema\":\"Person\",\"target\":false,\"properties\":{\"name\":[\"Be Ta\"]}}\n" LINE(
	                          "s", "Sanction", "\"entity\":[\"B\"]") LINE("w", "CryptoWallet", "\"publicKey\":[\"1\"]")
	                                       LINE("o", "Ownership", "\"owner\":[\"A\"]")));
	cr_expect_eq(stage->entries.count, 1u);
	json_expect_skip(stage, "an entity that is no target", 1, 2, false);
	json_expect_skip(stage, "a record about an entity that is not listed", 1, 3, false);
	json_expect_skip(stage, "a record of a schema that nothing is screened by", 1, 4, false);
	json_expect_skip(stage, "a relation without one of its ends", 1, 5, false);
	fixture_stage_free(stage);
	stage = json_load(tw_ftm_json_load, tw_slice_str(LINE("C", "Person",
	                                                      "\"name\":[\"Ce\"],\"addressEntity\":[\"none\"],\"birthDate\":[\"soon\"],"
	                                                      "\"x\":[" ENTITY("D", "Person", "\"name\":[\"De\"]") "]")));
	cr_expect_eq(stage->entries.count, 1u);
	json_expect_skip(stage, "an address that is not in the file", 1, 1, false);
	json_expect_skip(stage, "a birth date that is no date", 1, 1, false);
	json_expect_skip(stage, "an entity inside another one", 1, 1, false);
	fixture_stage_free(stage);
}

Test(ftm_json, an_entity_that_cannot_be_read_is_counted_with_its_line)
{
	json_expect_unread(tw_ftm_json_load, ALPHA LINE("", "Person", "\"name\":[\"Be\"]"), "an entity without id or schema", 2, 1);
	json_expect_unread(tw_ftm_json_load, ALPHA "{\"id\":\"B\"}\n", "an entity without id or schema", 2, 1);
	json_expect_unread(tw_ftm_json_load, ALPHA LINE("B", "Person", "\"name\":[]"), "an entity without a name", 2, 1);
	json_expect_unread(tw_ftm_json_load, ALPHA "B,Person\n", "a line that is no JSON object", 2, 1);
}

Test(ftm_json, a_file_that_ends_in_a_line_is_refused)
{
	struct tw_list_stage *stage = fixture_stage("list");
	struct tw_error err = {0};
	const struct tw_list_file file = {"entities.ftm.json", tw_slice_str(ALPHA "{\"id\":\"B\"")};
	cr_expect_eq(tw_ftm_json_load(stage, &file, &err), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "entities.ftm.json:2");
	fixture_stage_free(stage);
}
