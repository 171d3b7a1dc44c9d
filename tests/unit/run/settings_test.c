/* The table: every row sound, what is shown reads back, what is secret stays so. */
#include "engine/run/settings.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/run/config.h"

static char *shown(struct tw_settings *settings, bool redact)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	tw_settings_show(settings, redact, out);
	fclose(out);
	return text;
}

Test(settings, have_sound_rows)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	cr_assert(count > 30);
	for (uint32_t i = 0; i < count; i++) {
		cr_assert(tw_setting_find(rows[i].key) == &rows[i], "%s stands twice", rows[i].key);
		cr_assert(rows[i].help && rows[i].help[0] && rows[i].unit, "%s", rows[i].key);
		cr_assert(rows[i].kind != TW_SETTING_COUNT || rows[i].least < rows[i].most, "%s", rows[i].key);
		cr_assert((rows[i].kind == TW_SETTING_CHOICE) == (rows[i].words != NULL), "%s", rows[i].key);
	}
	cr_assert(tw_setting_find("kafka") == NULL && tw_setting_find("") == NULL);
}

Test(settings, read_back_as_they_are_shown)
{
	struct tw_settings first, second;
	struct tw_error err;
	cr_assert(tw_settings_init(&first, &err) == TW_OK && tw_settings_init(&second, &err) == TW_OK);
	cr_assert(tw_config_set(&first, "redis.password=p\"a\\s$s${X}\tw", &err) == TW_OK);
	cr_assert(tw_config_set(&first, "kafka.properties.sasl.password=secret", &err) == TW_OK);
	cr_assert(tw_config_set(&first, "kafka.group=NO", &err) == TW_OK && tw_config_set(&first, "score.caps.vague=20", &err) == TW_OK);
	cr_assert(tw_config_set(&first, "lists=[{id: un, format: un-xml, path: a b.xml, entries_min: 3}]", &err) == TW_OK);
	cr_assert(tw_config_set(&first, "rules.paths=[x, y z]", &err) == TW_OK);
	char *text = shown(&first, false);
	cr_assert(tw_config_parse(&second, tw_slice_str(text), "shown", "", &err) == TW_OK, "%s: %s: %s\n%s", err.what, err.where, err.detail, text);
	char *again = shown(&second, false);
	cr_assert_str_eq(text, again);
	cr_assert_str_eq(second.redis_password, "p\"a\\s$s${X}\tw");
	free(text);
	free(again);
	tw_settings_fini(&first);
	tw_settings_fini(&second);
}

Test(settings, hide_secrets_when_asked_to)
{
	struct tw_settings settings;
	struct tw_error err;
	cr_assert(tw_settings_init(&settings, &err) == TW_OK);
	cr_assert(tw_config_set(&settings, "redis.password=hunter2", &err) == TW_OK && tw_config_set(&settings, "random.key=hunter2", &err) == TW_OK);
	cr_assert(tw_config_set(&settings, "kafka.properties.sasl.password=hunter2", &err) == TW_OK);
	cr_assert(tw_config_set(&settings, "kafka.properties.ssl.key.password=hunter2", &err) == TW_OK);
	cr_assert(tw_config_set(&settings, "kafka.properties.sasl.username=visible", &err) == TW_OK);
	char *hidden = shown(&settings, true), *plain = shown(&settings, false);
	cr_assert(strstr(hidden, "hunter2") == NULL && strstr(hidden, "visible") != NULL && strstr(plain, "hunter2") != NULL);
	free(hidden);
	free(plain);
	tw_settings_fini(&settings);
}

Test(settings, are_all_in_the_printed_table)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	char *text = NULL, cell[80];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	tw_settings_table(out);
	tw_settings_help(out);
	fclose(out);
	for (uint32_t i = 0; i < count; i++) {
		snprintf(cell, sizeof(cell), "| `%s` |", rows[i].key);
		cr_assert(strstr(text, cell) != NULL, "%s", cell);
		snprintf(cell, sizeof(cell), "\n  %-20s ", rows[i].key);
		cr_assert(i == 0 || strstr(text, cell) != NULL, "%s", cell);
	}
	free(text);
}

static enum tw_code complete_with(const char *const *sets, size_t count, struct tw_error *err)
{
	struct tw_settings settings;
	cr_assert(tw_settings_init(&settings, err) == TW_OK);
	for (size_t i = 0; i < count; i++) {
		cr_assert(tw_config_set(&settings, sets[i], err) == TW_OK);
	}
	enum tw_code code = tw_settings_complete(&settings, err);
	tw_settings_fini(&settings);
	return code;
}

Test(settings, are_checked_against_each_other)
{
	static const char *const lanes[] = {"lanes.red=50"}, *const draw[] = {"random.share_ppm=5000"},
	                         *const topics[] = {"topics.markings=tw.manifests"}, *const none[] = {"topics.markings=", "topics.outcomes="};
	struct tw_error err;
	cr_assert(complete_with(NULL, 0, &err) == TW_OK);
	cr_assert(complete_with(lanes, 1, &err) == TW_E_CONFLICT);
	cr_assert(complete_with(draw, 1, &err) == TW_E_MISSING);
	cr_assert(complete_with(topics, 1, &err) == TW_E_CONFLICT);
	static const char *const unasked[] = {"rules.signers=a.pub"}, *const few[] = {"rules.signers=a.pub", "rules.signatures=2"},
	                         *const both[] = {"rules.signers=[a.pub, b.pub]", "rules.signatures=2"};
	cr_assert(complete_with(unasked, 1, &err) == TW_E_CONFLICT, "nothing would be verified");
	cr_assert(complete_with(few, 2, &err) == TW_E_CONFLICT);
	cr_assert(complete_with(both, 2, &err) == TW_OK);
	cr_assert(complete_with(none, 2, &err) == TW_OK, "two families that are not read share no topic");
}

Test(settings, give_the_scoring_policy_they_state)
{
	struct tw_settings settings;
	struct tw_error err;
	cr_assert(tw_settings_init(&settings, &err) == TW_OK);
	cr_assert(tw_config_set(&settings, "score.caps={embargo: 90}", &err) == TW_OK && tw_config_set(&settings, "random.key=k", &err) == TW_OK);
	struct tw_score_policy policy = tw_settings_policy(&settings);
	cr_assert(policy.red_points > policy.yellow_points && policy.yellow_points > policy.blue_points);
	cr_assert(policy.cap_count == 1 && policy.caps[0].points == 90 && tw_slice_is(policy.random_key, "k"));
	tw_settings_fini(&settings);
}

static const char *digest_of(const char *set, const char *topic, char out[TW_SHA256_HEX_BYTES])
{
	struct tw_settings settings;
	struct tw_error err;
	cr_assert(tw_settings_init(&settings, &err) == TW_OK && (!set || tw_config_set(&settings, set, &err) == TW_OK), "%s", set);
	cr_assert(tw_settings_digest(&settings, topic, NULL, out, &err) == TW_OK);
	tw_settings_fini(&settings);
	return out;
}

Test(settings, that_change_the_output_change_the_digest_and_others_do_not)
{
	static const char *const change[] = {"topics.alerts=x",      "lanes.red=101",      "score.caps.vague=20",
	                                     "random.share_ppm=100", "random.key=another", "limits.event_bytes=2048"};
	static const char *const do_not[] = {"batch.events=7", "output.append=true",     "log.level=error", "redis.address=h:1",
	                                     "kafka.group=g",  "output.checkpoint_ms=0", "rules.paths=[x]", "state.store=redis"};
	char plain[TW_SHA256_HEX_BYTES], other[TW_SHA256_HEX_BYTES];
	digest_of(NULL, NULL, plain);
	for (size_t i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		cr_assert_str_neq(digest_of(change[i], NULL, other), plain, "%s", change[i]);
	}
	for (size_t i = 0; i < sizeof(do_not) / sizeof(do_not[0]); i++) {
		cr_assert_str_eq(digest_of(do_not[i], NULL, other), plain, "%s", do_not[i]);
	}
	cr_assert_str_neq(digest_of(NULL, "tw.manifests", other), plain);
}
