/**
 * @file arguments.c
 * See arguments.h.
 */
#include "engine/command/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/nearest.h"

static const struct tw_option *option_find(const struct tw_command *command, const char *name, size_t length)
{
	for (size_t i = 0; i < TW_OPTIONS_MAX && command->options[i].name; i++) {
		if (strlen(command->options[i].name) == length && strncmp(command->options[i].name, name, length) == 0) {
			return &command->options[i];
		}
	}
	return NULL;
}

static bool option_unknown(const struct tw_command *command, const char *word, FILE *errors)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to((struct tw_slice){word, (uint32_t)strcspn(word, "=")});
	for (size_t i = 0; i < TW_OPTIONS_MAX && command->options[i].name; i++) {
		tw_nearest_offer(&nearest, command->options[i].name);
	}
	fprintf(errors, "tidewaiter %s: unknown option %s", command->name, word);
	if (tw_nearest_hint(&nearest, hint)[0]) {
		fprintf(errors, "%s\n", hint);
	} else {
		fprintf(errors, "; `tidewaiter help %s` lists them\n", command->name);
	}
	return false;
}

static bool option_wrong(const struct tw_command *command, const struct tw_option *option, const char *what, FILE *errors)
{
	fprintf(errors, "tidewaiter %s: %s %s\n", command->name, option->name, what);
	return false;
}

static void option_keep(struct tw_arguments *out, const struct tw_option *option, const char *value)
{
	out->value[option->id] = value;
	if (option->id == TW_OPTION_SET) {
		out->sets[out->set_count++] = value;
	} else if (option->id == TW_OPTION_LIST) {
		out->lists[out->list_count++] = value;
	} else if (option->id == TW_OPTION_OVER) {
		out->overs[out->over_count++] = value;
	} else if (option->id == TW_OPTION_AGAINST) {
		out->againsts[out->against_count++] = value;
	}
}

/* An empty value is a variable of a script that nobody set; as a filter it would let all pass. */
static bool option_value(const struct tw_command *command, const struct tw_option *option, const char *value, struct tw_arguments *out, FILE *errors)
{
	if (!value[0]) {
		return option_wrong(command, option, "needs a value: it is empty", errors);
	}
	option_keep(out, option, value);
	return true;
}

/* The option at words[*at]; moves over its value. */
static bool option_read(const struct tw_command *command, int count, char *const *words, int *at, struct tw_arguments *out, FILE *errors)
{
	const char *word = strcmp(words[*at], "-h") == 0 ? "--help" : words[*at];
	const char *equals = strchr(word, '=');
	const struct tw_option *option = option_find(command, word, equals ? (size_t)(equals - word) : strlen(word));
	if (!option) {
		return option_unknown(command, word, errors);
	}
	if (!option->argument && equals) {
		return option_wrong(command, option, "takes no value", errors);
	}
	if (!option->argument) {
		option_keep(out, option, "");
		return true;
	}
	if (equals) {
		return option_value(command, option, equals + 1, out, errors);
	}
	if (*at + 1 >= count) {
		return option_wrong(command, option, "needs a value", errors);
	}
	return option_value(command, option, words[++*at], out, errors);
}

/* "stat|search NAME|build": is `word` one of the parts? Offers each to `nearest`, whose names lie in `room`. */
static bool part_is(const char *parts, const char *word, char *room, size_t size, struct tw_nearest *nearest)
{
	size_t used = 0;
	for (const char *at = parts; *at && used < size; at += *at == '|') {
		size_t length = strcspn(at, " |");
		char *name = room + used;
		int written = snprintf(name, size - used, "%.*s", (int)length, at);
		if (strcmp(name, word) == 0) {
			return true;
		}
		tw_nearest_offer(nearest, name);
		used += (size_t)written + 1;
		at += strcspn(at, "|");
	}
	return false;
}

/* A slip of the keyboard gets its hint on a line of its own; the command refuses it itself, and says what there is. */
static void part_hint(const struct tw_command *command, const struct tw_arguments *arguments, FILE *errors)
{
	char hint[TW_HINT_BYTES], room[512];
	const char *word = arguments->operand_count ? arguments->operands[0] : NULL;
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(word ? word : ""));
	if (word && strchr(command->operands, '|') && !part_is(command->operands, word, room, sizeof(room), &nearest) &&
	    tw_nearest_hint(&nearest, hint)[0]) {
		fprintf(errors, "tidewaiter %s: no part is called \"%s\"%s\n", command->name, word, hint);
	}
}

bool tw_arguments_parse(const struct tw_command *command, int count, char *const *words, struct tw_arguments *out, FILE *errors)
{
	bool options = true;
	memset(out, 0, sizeof(*out));
	out->room = calloc(5 * ((size_t)count + 1), sizeof(*out->room));
	if (!out->room) {
		fputs("tidewaiter: no memory\n", errors);
		return false;
	}
	out->sets = out->room;
	out->operands = out->room + count + 1;
	out->lists = out->operands + count + 1;
	out->overs = out->lists + count + 1;
	out->againsts = out->overs + count + 1;
	for (int i = 0; i < count; i++) {
		const char *word = words[i];
		if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (options && word[0] == '-' && word[1]) {
			if (!option_read(command, count, words, &i, out, errors)) {
				return false;
			}
		} else if (!word[0]) {
			fprintf(errors, "tidewaiter %s: an operand is empty: is a variable not set?\n", command->name);
			return false;
		} else {
			out->operands[out->operand_count++] = word;
		}
	}
	part_hint(command, out, errors);
	return true;
}

void tw_arguments_fini(struct tw_arguments *arguments)
{
	free(arguments->room);
	arguments->room = NULL;
}

void tw_command_help(const struct tw_command *command, FILE *out)
{
	char name[64];
	fprintf(out, "usage: tidewaiter %s%s%s%s\n\n%s\n", command->name, command->options[0].name ? " [options]" : "",
	        command->operands[0] ? " " : "", command->operands, command->summary);
	if (command->more) {
		fprintf(out, "\n%s\n", command->more);
	}
	for (size_t i = 0; i < TW_OPTIONS_MAX && command->options[i].name; i++) {
		const struct tw_option *option = &command->options[i];
		snprintf(name, sizeof(name), "%s %s", option->name, option->argument ? option->argument : "");
		fprintf(out, "%s  %-22s %s\n", i ? "" : "\n", name, option->help);
	}
}
