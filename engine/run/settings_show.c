/**
 * @file settings_show.c
 * Settings as a person reads them: YAML of what is in force, the table as Markdown and as text.
 */
#include "engine/run/settings.h"

#include <stdlib.h>

#define REDACTED "•••"

/* Double-quoted YAML; every text is quoted, so that 0930, NO and ~ stay texts. A dollar is doubled: it would be expanded on reading. */
static void text_show(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", c);
		} else if (c < 0x20 || c == 0x7F) {
			fprintf(out, "\\x%02x", c);
		} else {
			fprintf(out, c == '$' ? "$$" : "%c", c);
		}
	}
	fputc('"', out);
}

static bool property_is_secret(const char *name)
{
	return strstr(name, "password") || strstr(name, "secret") || strstr(name, "oauthbearer.config") || strstr(name, "jaas") ||
	       strstr(name, "key.pem");
}

static void properties_show(const struct tw_list *list, bool redact, FILE *out)
{
	const struct tw_property *properties = list->data;
	fputs(list->count ? "\n" : " {}\n", out);
	for (uint32_t i = 0; i < list->count; i++) {
		fprintf(out, "    %s: ", properties[i].name);
		text_show(redact && property_is_secret(properties[i].name) ? REDACTED : properties[i].value, out);
		fputc('\n', out);
	}
}

static void caps_show(const struct tw_list *list, FILE *out)
{
	const struct tw_group_cap *caps = list->data;
	fputs(list->count ? "\n" : " {}\n", out);
	for (uint32_t i = 0; i < list->count; i++) {
		fprintf(out, "    %.*s: %d\n", (int)caps[i].group.len, caps[i].group.ptr, caps[i].points);
	}
}

static void lists_show(const struct tw_list *list, FILE *out)
{
	const struct tw_list_source *sources = list->data;
	fputs(list->count ? "\n" : " []\n", out);
	for (uint32_t i = 0; i < list->count; i++) {
		fputs("  - id: ", out);
		text_show(sources[i].id, out);
		fprintf(out, "\n    format: %s\n    path: ", tw_list_format_name(sources[i].format));
		text_show(sources[i].path, out);
		fprintf(out, "\n    entries_min: %u\n    unread_ppm_max: %u\n    shrink_ppm_max: %u\n    age_days_max: %u\n", sources[i].entries_min,
		        sources[i].unread_ppm_max, sources[i].shrink_ppm_max, sources[i].age_days_max);
	}
}

static void paths_show(const struct tw_list *list, FILE *out)
{
	const char *const *paths = list->data;
	fputs(" [", out);
	for (uint32_t i = 0; i < list->count; i++) {
		fputs(i ? ", " : "", out);
		text_show(paths[i], out);
	}
	fputs("]\n", out);
}

static void scalar_show(const struct tw_setting *row, const void *at, bool redact, FILE *out)
{
	fputc(' ', out);
	if (row->kind == TW_SETTING_COUNT) {
		fprintf(out, "%lld", (long long)*(const int64_t *)at);
	} else if (row->kind == TW_SETTING_CHOICE) {
		fputs(row->words[*(const uint32_t *)at - 1], out);
	} else if (row->kind == TW_SETTING_SWITCH) {
		fputs(*(const uint32_t *)at ? "true" : "false", out);
	} else {
		const char *text = *(const char *const *)at;
		bool hide = redact && row->kind == TW_SETTING_SECRET && text && text[0];
		text_show(hide ? REDACTED : text ? text : "", out);
	}
	fputc('\n', out);
}

static void value_show(struct tw_settings *settings, const struct tw_setting *row, bool redact, FILE *out)
{
	const void *at = tw_setting_at(settings, row);
	if (row->kind == TW_SETTING_PROPERTIES) {
		properties_show(at, redact, out);
	} else if (row->kind == TW_SETTING_CAPS) {
		caps_show(at, out);
	} else if (row->kind == TW_SETTING_LISTS) {
		lists_show(at, out);
	} else if (row->kind == TW_SETTING_PATHS) {
		paths_show(at, out);
	} else {
		scalar_show(row, at, redact, out);
	}
}

/* Groups of settings that cannot change what a file's output says; rules, lists, embargoes and reference are in the snapshot's digest. */
static bool output_changes(const struct tw_setting *row)
{
	static const char *const others[] = {"kafka.",     "redis.",     "state.",      "rules.",     "lists",       "compiled.",    "embargoes.",
	                                     "last_good.", "reference.", "known_good.", "markings.",  "batch.",      "output.",      "log.",
	                                     "workers.",   "reload.",    "metrics.",    "specimens.", "quantities.", "serial_forms."};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strncmp(row->key, others[i], strlen(others[i])) == 0) {
			return false;
		}
	}
	return true;
}

enum tw_code tw_settings_digest(struct tw_settings *settings, const char *topic, const char *before, char out[TW_SHA256_HEX_BYTES],
                                struct tw_error *err)
{
	char *text = NULL;
	size_t size = 0;
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	FILE *kept = open_memstream(&text, &size);
	for (uint32_t i = 0; kept && i < count; i++) {
		if (output_changes(&rows[i])) {
			fprintf(kept, "%s:", rows[i].key);
			value_show(settings, &rows[i], false, kept);
		}
	}
	if (kept) {
		fprintf(kept, "--topic %s\n", topic ? topic : "");
		if (before) {
			fprintf(kept, "--only-delta %s\n", before);
		}
	}
	enum tw_code code = !kept || fclose(kept) != 0 ? tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the settings' digest", NULL, NULL)
	                                               : tw_sha256_hex(text, size, out, err);
	free(text);
	return code;
}

void tw_settings_show(struct tw_settings *settings, bool redact, FILE *out)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	const char *group = "";
	for (uint32_t i = 0; i < count; i++) {
		size_t length = strcspn(rows[i].key, ".");
		bool grouped = rows[i].key[length] == '.';
		if (grouped && (strncmp(group, rows[i].key, length) != 0 || group[length] != '.')) {
			fprintf(out, "%.*s:\n", (int)length, rows[i].key);
		}
		group = rows[i].key;
		fprintf(out, "%s%s:", grouped ? "  " : "", grouped ? rows[i].key + length + 1 : rows[i].key);
		value_show(settings, &rows[i], redact, out);
	}
}

static const char *kind_word(const struct tw_setting *row)
{
	static const char *const words[] = {"",      "text",  "secret",  "path",   "whole number", "word", "true or false",
	                                    "paths", "lists", "mapping", "mapping"};
	return words[row->kind];
}

void tw_settings_table(FILE *out)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	fputs("| setting | type | default | bounds | what it does |\n|---|---|---|---|---|\n", out);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_setting *row = &rows[i];
		fprintf(out, "| `%s` | %s%s%s | ", row->key, kind_word(row), row->unit[0] ? ", " : "", row->unit);
		fprintf(out, row->preset && row->preset[0] ? "`%s` | " : "%s | ", row->preset && row->preset[0] ? row->preset : "");
		if (row->kind == TW_SETTING_COUNT) {
			fprintf(out, "%lld to %lld", (long long)row->least, (long long)row->most);
		}
		for (uint32_t j = 0; row->words && row->words[j]; j++) {
			fprintf(out, "%s%s", j ? ", " : "", row->words[j]);
		}
		fprintf(out, " | %s |\n", row->help);
	}
}

void tw_settings_help(FILE *out)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	for (uint32_t i = 0; i < count; i++) {
		const char *preset = rows[i].preset && rows[i].preset[0] ? rows[i].preset : NULL;
		fprintf(out, "  %-20s %s", rows[i].key, rows[i].help);
		if (preset) {
			fprintf(out, " [%s%s%s]", preset, rows[i].unit[0] ? " " : "", rows[i].unit);
		}
		fputc('\n', out);
	}
}
