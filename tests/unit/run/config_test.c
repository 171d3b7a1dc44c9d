/* Settings from YAML and from --set: what they become, and where and why they are refused. */
#include "engine/run/config.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static struct tw_settings settings;
static struct tw_error err;

static void settings_make(void)
{
	cr_assert(tw_settings_init(&settings, &err) == TW_OK, "%s: %s", err.what, err.detail);
}

static void settings_drop(void)
{
	tw_settings_fini(&settings);
}

TestSuite(config, .init = settings_make, .fini = settings_drop);

static enum tw_code parse(const char *yaml)
{
	return tw_config_parse(&settings, tw_slice_str(yaml), "t.yaml", "/etc/tw", &err);
}

static void refused(const char *yaml, enum tw_code code, const char *where, const char *detail)
{
	settings_drop();
	settings_make();
	enum tw_code got = parse(yaml);
	cr_assert(got == code, "%s: %s instead of %s", yaml, tw_code_name(got), tw_code_name(code));
	cr_assert(err.disposition == TW_STOP);
	cr_assert(strstr(err.where, where) != NULL, "%s: at %s, not %s", yaml, err.where, where);
	cr_assert(strstr(err.detail, detail) != NULL, "%s: \"%s\" lacks \"%s\"", yaml, err.detail, detail);
}

Test(config, starts_from_the_table_defaults)
{
	cr_assert_str_eq(settings.kafka_brokers, "127.0.0.1:9092");
	cr_assert_str_eq(settings.topics.input[TW_FAMILY_DECISION - 1], "tw.decisions");
	cr_assert(settings.state_store == TW_STATE_MEMORY && settings.batch_events == 4000 && settings.output_append == 0);
	cr_assert_str_eq(settings.output_path, "-");
	cr_assert(settings.embargoes_path == NULL && settings.lists.count == 0);
}

Test(config, types_values_by_the_table_not_by_their_look)
{
	cr_assert(parse("kafka:\n  group: NO\n  instance: 0930\nredis: {prefix: yes, shards: 4}\nstate:\n  store: redis\noutput: {append: true}\n") ==
	              TW_OK,
	          "%s %s", err.what, err.where);
	cr_assert_str_eq(settings.kafka_group, "NO");
	cr_assert_str_eq(settings.kafka_instance, "0930");
	cr_assert_str_eq(settings.redis_prefix, "yes");
	cr_assert(settings.redis_shards == 4 && settings.state_store == TW_STATE_REDIS && settings.output_append == 1);
}

Test(config, reads_an_empty_file_and_an_emptied_group_as_nothing)
{
	cr_assert(parse("") == TW_OK);
	cr_assert(parse("# all of it\n") == TW_OK);
	cr_assert(parse("kafka:\nredis:\n  # password: x\n") == TW_OK);
	for (uint32_t i = 0; i < TW_SETTINGS_MAX; i++) {
		cr_assert_not(settings.stated[i]);
	}
}

Test(config, takes_paths_relative_to_its_folder)
{
	cr_assert(parse("rules:\n  paths: [packs, /abs/more]\nreference: {path: ref}\noutput: {path: \"-\"}\n") == TW_OK, "%s", err.detail);
	const char *const *paths = settings.rule_paths.data;
	cr_assert(settings.rule_paths.count == 2);
	cr_assert_str_eq(paths[0], "/etc/tw/packs");
	cr_assert_str_eq(paths[1], "/abs/more");
	cr_assert_str_eq(settings.reference_path, "/etc/tw/ref");
	cr_assert_str_eq(settings.output_path, "-");
}

Test(config, takes_one_path_where_several_may_stand)
{
	cr_assert(parse("rules: {paths: one}\n") == TW_OK);
	cr_assert(settings.rule_paths.count == 1);
	cr_assert_str_eq(*(const char *const *)settings.rule_paths.data, "/etc/tw/one");
}

Test(config, reads_lists_caps_and_properties)
{
	cr_assert(parse("lists:\n"
	                "  - {id: un-sc, format: un-xml, path: un.xml, entries_min: 500}\n"
	                "  - id: ofac\n    format: ofac-csv\n    path: /data/sdn.csv\n    shrink_ppm_max: 50000\n    age_days_max: 30\n"
	                "score: {caps: {embargo: 100, vague: 20}}\n"
	                "kafka:\n  properties:\n    security.protocol: SASL_SSL\n    debug: \"\"\n") == TW_OK,
	          "%s %s", err.what, err.where);
	const struct tw_list_source *lists = settings.lists.data;
	const struct tw_group_cap *caps = settings.score_caps.data;
	const struct tw_property *properties = settings.kafka_properties.data;
	cr_assert(settings.lists.count == 2 && settings.score_caps.count == 2 && settings.kafka_properties.count == 2);
	cr_assert(strcmp(lists[0].path, "/etc/tw/un.xml") == 0 && lists[0].entries_min == 500 && lists[0].format == TW_LIST_UN_XML);
	cr_assert(lists[0].shrink_ppm_max == TW_LIST_SHRINK_PPM && lists[0].age_days_max == 0);
	cr_assert(lists[1].shrink_ppm_max == 50000 && lists[1].age_days_max == 30);
	cr_assert(strcmp(lists[1].id, "ofac") == 0 && strcmp(lists[1].path, "/data/sdn.csv") == 0 && lists[1].entries_min == 0);
	cr_assert(tw_slice_is(caps[1].group, "vague") && caps[1].points == 20);
	cr_assert(strcmp(properties[0].name, "security.protocol") == 0 && strcmp(properties[0].value, "SASL_SSL") == 0);
}

Test(config, fills_in_environment_variables)
{
	setenv("TW_CONFIG_TEST", "from-env", 1);
	unsetenv("TW_CONFIG_UNSET");
	cr_assert(parse("redis:\n  password: ${TW_CONFIG_TEST}\n  username: ${TW_CONFIG_UNSET:-some body}\n  prefix: a$${b}$c\n"
	                "kafka: {group: \"x-${TW_CONFIG_TEST}-${TW_CONFIG_UNSET:-}\"}\n") == TW_OK,
	          "%s", err.detail);
	cr_assert_str_eq(settings.redis_password, "from-env");
	cr_assert_str_eq(settings.redis_username, "some body");
	cr_assert_str_eq(settings.redis_prefix, "a${b}$c");
	cr_assert_str_eq(settings.kafka_group, "x-from-env-");
	refused("redis:\n  password: ${TW_CONFIG_UNSET}\n", TW_E_MISSING, "t.yaml:2:13", "TW_CONFIG_UNSET");
	refused("redis:\n  password: ${TW\n", TW_E_SYNTAX, "t.yaml:2:13", "${TW");
}

Test(config, names_the_place_and_the_nearest_setting_of_an_unknown_key)
{
	refused("kafka:\n  broker: x\n", TW_E_UNKNOWN, "t.yaml:2:3", "kafka.brokers");
	refused("kafak:\n  brokers: x\n", TW_E_UNKNOWN, "t.yaml:1:1", "did you mean \"kafka\"");
	refused("redis: {adress: x}\n", TW_E_UNKNOWN, "t.yaml:1:9", "redis.address");
	refused("lists:\n  - {id: a, formats: un-xml}\n", TW_E_UNKNOWN, "t.yaml:2:13", "format");
	refused("something_else: 1\n", TW_E_UNKNOWN, "t.yaml:1:1", "help settings");
}

Test(config, refuses_values_outside_their_type_and_bounds)
{
	refused("batch: {events: many}\n", TW_E_TYPE, "t.yaml:1:17", "many");
	refused("batch: {events: 0}\n", TW_E_RANGE, "t.yaml:1:17", "within 1");
	refused("batch: {events: 99999999999999999999}\n", TW_E_TYPE, "t.yaml:1:17", "");
	refused("batch: {events: [1]}\n", TW_E_TYPE, "t.yaml:1:17", "batch.events");
	refused("state: {store: rediss}\n", TW_E_UNKNOWN, "t.yaml:1:16", "did you mean \"redis\"");
	refused("output: {append: yes}\n", TW_E_TYPE, "t.yaml:1:18", "yes");
	refused("kafka: brokers\n", TW_E_TYPE, "t.yaml:1:8", "kafka");
	refused("lists: {a: b}\n", TW_E_TYPE, "t.yaml:1:8", "lists");
	refused("lists: [x]\n", TW_E_TYPE, "t.yaml:1:9", "");
	refused("lists: [{id: a, format: xml, path: p}]\n", TW_E_UNKNOWN, "t.yaml:1:25", "xml");
	refused("lists: [{id: a, format: un-xml}]\n", TW_E_MISSING, "t.yaml:1:9", "");
	refused("lists: [{id: a, format: un-xml, path: p, entries_min: -1}]\n", TW_E_RANGE, "t.yaml:1:55", "-1");
	refused("score: {caps: {a: x}}\n", TW_E_RANGE, "t.yaml:1:19", "x");
	refused("score: {caps: [a]}\n", TW_E_TYPE, "t.yaml:1:15", "score.caps");
}

Test(config, refuses_what_contradicts_itself)
{
	refused("kafka:\n  group: a\n  group: b\n", TW_E_CONFLICT, "t.yaml:3:3", "kafka.group");
	refused("lists: [{id: a, format: un-xml, path: p}, {id: a, format: un-xml, path: q}]\n", TW_E_CONFLICT, "t.yaml:1:43", "a");
	refused("---\nlog: {level: info}\n---\nlog: {level: warn}\n", TW_E_SYNTAX, "t.yaml:3:1", "");
}

Test(config, refuses_what_is_no_yaml_or_uses_aliases)
{
	refused("kafka: {\n", TW_E_SYNTAX, "t.yaml:2:1", "");
	refused("kafka:\n\tgroup: x\n", TW_E_SYNTAX, "t.yaml:2:1", "");
	refused("kafka: &a {group: x}\nredis: *a\n", TW_E_SYNTAX, "t.yaml:2:8", "");
	refused("- a\n", TW_E_TYPE, "t.yaml:1:1", "");
	refused("kafka: {group: \"a\\0b\"}\n", TW_E_SYNTAX, "t.yaml:1:16", "");
}

Test(config, survives_every_prefix_of_a_configuration)
{
	static const char yaml[] =
	    "lists:\n  - {id: a, format: un-xml, path: \"p\"}\nkafka:\n  properties: {a.b: \"${X:-y}\"}\nrules:\n  paths: [a, b]\n";
	for (uint32_t length = 0; length < sizeof(yaml); length++) {
		settings_drop();
		settings_make();
		(void)!tw_config_parse(&settings, (struct tw_slice){yaml, length}, "t.yaml", "", &err);
	}
	cr_assert(settings.lists.count == 1 && settings.rule_paths.count == 2, "the whole text was not read");
}

Test(config, sets_single_settings_above_the_file)
{
	cr_assert(parse("batch: {events: 10}\nkafka: {properties: {debug: msg, linger.ms: 5}}\nscore: {caps: {a: 1}}\n") == TW_OK);
	cr_assert(tw_config_set(&settings, "batch.events=20", &err) == TW_OK && settings.batch_events == 20);
	cr_assert(tw_config_set(&settings, "redis.password=a=b${c}", &err) == TW_OK);
	cr_assert_str_eq(settings.redis_password, "a=b${c}", "the shell has expanded already");
	cr_assert(tw_config_set(&settings, "kafka.properties.debug=all", &err) == TW_OK);
	cr_assert(tw_config_set(&settings, "kafka.properties.sasl.mechanism=PLAIN", &err) == TW_OK);
	const struct tw_property *properties = settings.kafka_properties.data;
	cr_assert(settings.kafka_properties.count == 3 && strcmp(properties[0].value, "all") == 0 &&
	          strcmp(properties[2].name, "sasl.mechanism") == 0);
	cr_assert(tw_config_set(&settings, "score.caps.a=7", &err) == TW_OK);
	cr_assert(((const struct tw_group_cap *)settings.score_caps.data)->points == 7);
}

Test(config, sets_collections_from_one_line_of_yaml)
{
	cr_assert(tw_config_set(&settings, "lists=[{id: un, format: un-xml, path: some file.xml}]", &err) == TW_OK, "%s %s", err.what, err.detail);
	cr_assert_str_eq(((const struct tw_list_source *)settings.lists.data)->path, "some file.xml");
	cr_assert(tw_config_set(&settings, "lists=[]", &err) == TW_OK && settings.lists.count == 0);
	cr_assert(tw_config_set(&settings, "rules.paths=my rules, all of them", &err) == TW_OK && settings.rule_paths.count == 1);
	cr_assert_str_eq(*(const char *const *)settings.rule_paths.data, "my rules, all of them");
	cr_assert(tw_config_set(&settings, "rules.paths=[a, b]", &err) == TW_OK && settings.rule_paths.count == 2);
	cr_assert(tw_config_set(&settings, "lists=", &err) == TW_E_TYPE);
	cr_assert(tw_config_set(&settings, "lists=[{id: ", &err) == TW_E_SYNTAX);
}

Test(config, refuses_assignments_that_cannot_be_meant)
{
	cr_assert(tw_config_set(&settings, "batch.events", &err) == TW_E_SYNTAX);
	cr_assert(tw_config_set(&settings, "=1", &err) == TW_E_SYNTAX);
	cr_assert(tw_config_set(&settings, "batch.event=1", &err) == TW_E_UNKNOWN && strstr(err.detail, "batch.events"));
	cr_assert(tw_config_set(&settings, "kafka.properties.=x", &err) == TW_E_UNKNOWN);
	cr_assert(tw_config_set(&settings, "batch.events=1.5", &err) == TW_E_TYPE && strcmp(err.where, "batch.events") == 0);
}

Test(config, reads_a_file_and_says_when_there_is_none)
{
	char path[] = "/tmp/tw-config-XXXXXX";
	int fd = mkstemp(path);
	cr_assert(fd >= 0 && write(fd, "reference: {path: ref}\n", 23) == 23);
	close(fd);
	cr_assert(tw_config_read(&settings, path, &err) == TW_OK);
	cr_assert_str_eq(settings.reference_path, "/tmp/ref");
	cr_assert_str_eq(settings.file, path);
	unlink(path);
	cr_assert(tw_config_read(&settings, path, &err) == TW_E_MISSING && strcmp(err.where, path) == 0);
	cr_assert(tw_config_read(&settings, "/tmp", &err) == TW_E_TYPE);
}
