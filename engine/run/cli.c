/**
 * @file cli.c
 * See cli.h. The table of commands drives dispatch, help and the guesses at mistyped names.
 */
#include "engine/run/cli.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/time.h"
#include "engine/run/arguments.h"
#include "engine/run/certificate_command.h"
#include "engine/run/config.h"
#include "engine/run/lists_command.h"
#include "engine/run/metrics.h"
#include "engine/run/registers_command.h"
#include "engine/run/reload_command.h"
#include "engine/run/rules_command.h"
#include "engine/run/state_command.h"
#include "engine/run/supervisor.h"
#include "engine/run/top.h"
#include "engine/run/trace_command.h"
#include "engine/run/worker.h"
#include "engine/base/nearest.h"

#define DEFAULT_CONFIG "tidewaiter.yaml"

typedef int run_function(const struct tw_command *command, const struct tw_arguments *arguments);

/* clang-format off */
#define HELP_OPTION {TW_OPTION_HELP, "--help", NULL, "this text"}
#define CONFIG_OPTIONS {TW_OPTION_CONFIG, "--config", "FILE", "settings; else ./" DEFAULT_CONFIG " if there, else built in"}, \
                       {TW_OPTION_SET, "--set", "PATH=VALUE", "one setting, above the file; may be repeated"}

static const struct tw_command commands[] = {
	{"screen", "FILE...", "Judge the events of files (- is standard input); alerts, holds and dead letters go out as one JSON object a line.",
	 "A line is an envelope {\"topic\": ..., \"value\": {...}}, or with --topic an event as it is. History starts empty and is kept in memory.\n"
	 "With --out and files for input, OUT.checkpoint says how far it came. Killed, and started again with --resume, it goes on from there: it\n"
	 "reads again what was finished, for history alone, and the output ends up the same to the byte. Refused when inputs, rules, lists, settings\n"
	 "or the program are not those of the earlier run. Safe to state always: without a checkpoint it begins at the begin.\n"
	 "With --only-delta, after a new edition of the lists, stored events are screened again and only what is news comes out: hits by entries\n"
	 "that came, or by names and numbers that an entry gained, marked \"new\" in the alert.\n"
	 "Exit: 0 done, 66 no input, 70 damaged checkpoint, 74 a file failed, 78 configuration, rules, lists, or a run that cannot be gone on with.",
	 {{TW_OPTION_TOPIC, "--topic", "NAME", "lines are bare events of this input topic"},
	  {TW_OPTION_OUT, "--out", "FILE", "write here instead of standard output (setting output.path)"},
	  {TW_OPTION_ONLY_DELTA, "--only-delta", "BEFORE", "only alerts with a hit that the lists compiled in BEFORE (lists build) could not give"},
	  {TW_OPTION_RESUME, "--resume", NULL, "go on where OUT.checkpoint stands, if there is one"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress, no summary"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"top", "[FILE...]", "The ranked worklist from alerts: what to open first, and why.",
	 "Reads what `screen` wrote, or bare alert bodies; standard input without a file.",
	 {{TW_OPTION_OFFICE, "--office", "CODE", "alerts of this customs office, and those that name none"},
	  {TW_OPTION_CAPACITY, "--capacity", "N", "as many as can be opened today"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "table, json or csv"},
	  {TW_OPTION_EXPLAIN, "--explain", "ID", "one alert in full: its id, the begin of it, a consignment or a certificate's key"},
	  {TW_OPTION_ALL, "--all", NULL, "superseded alerts too"}, HELP_OPTION}},
	{"run", "", "Read events from Kafka, keep history, write alerts back, until SIGTERM or SIGINT.",
	 "The first signal finishes and commits the batch, then leaves; the second ends at once: nothing is lost or counted twice either way.\n"
	 "With --workers a supervisor starts N of them, which share one copy of rules and lists, and starts again, after a pause, one that was killed\n"
	 "or lost a peer. SIGHUP, a change of the files (reload.poll_ms), or `reload` loads rules, lists, embargoes and code lists anew while events flow; what is\n"
	 "wrong with them is logged, and the old ones stay. One that ends with 70, 75 or 78 ends all, for a restart would meet the same. Needs state.store redis for more than one.\n"
	 "Exit: 0 stopped, 70 damaged state, 71 memory, 74 a peer failed, 75 start again, 78 configuration, credentials or a missing topic.",
	 {{TW_OPTION_WORKERS, "--workers", "N", "1 to 64 processes, or auto: one a core (setting workers.count)"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"check", "", "Load settings, rules and lists, say what was loaded, and run the tests inside the rules.", "Shows also how the last load of the engine that runs with these settings ended, and why it was refused (reload.report).\n"
	 "Exit: 0 all good; 65 it would run, but with the last good copy of a list that is missing or broken, or the last load was refused; 78 (or 74 with --connect) otherwise.",
	 {{TW_OPTION_CONNECT, "--connect", NULL, "also ask Kafka for the topics, and Redis"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"reload", "[PID]", "Ask a `run` to load its rules and lists anew, and tell what came of it.",
	 "PID is the process, with workers the supervisor's; without it the one that wrote the file of reload.report. It is sent SIGHUP, then that file is\n"
	 "waited for: taken, unchanged, or refused with the reason and every problem. Without such a file the process is asked, and its log says the rest.\n"
	 "A process that does not listen to SIGHUP, which would end it, is never sent it.\n"
	 "Exit: 0 taken, nothing new, or asked; 65 refused: the old ones stay; 64 no process named, 66 no such `run`, 75 no answer yet, 78 configuration.",
	 {{TW_OPTION_WAIT, "--wait", "S", "so many seconds at most (60); 0: not at all"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"state", "show ENTITY|verify|rebuild|migrate|drop", "Look into the stored state, compare it with the log, bring it back, move it.",
	 "show ENTITY   One folded record in words. ENTITY is KIND KEY (or KIND:KEY): party \"ACME TRADING|XB\", vessel 9074729, container HLXU1234567,\n"
	 "              consignment ID, certificate \"QZ|QZ/MOD/2026/00417\", marking \"MAKER|SERIAL\", address \"TEXT|XB\"; spelled as on paper or as stored.\n"
	 "              Windows of days count back from the newest day that the record has. Exit 1: no such record; some that begin alike are named.\n"
	 "verify        Folds the log in memory (decoding alone: no rules, no lists) and names every difference from what Redis has. Exit 0 equal, 1 not.\n"
	 "              Engines may run meanwhile: each record is read together with its shard's watermarks and compared with the log up to there, so what\n"
	 "              is not committed yet is no difference. Where the log lacks its begin it says so, and compares only what can be known.\n"
	 "rebuild       Joins the group, judges nothing, appends what Redis lacks of the committed events, opens the epoch, leaves. --from-nothing removes\n"
	 "              the stored state first; refused (75) while engines run, and where the log lacks its begin: then history would be lost.\n"
	 "migrate       Builds the state from the log under --to-prefix, up to the offsets that are committed now, beside the old one and its engines. Run\n"
	 "              again it catches up. For another number of shards, or after an upgrade with another schema. Says at its end what to do next.\n"
	 "drop          Removes the keys of --prefix.\n"
	 "Exit: 64 usage, 70 damaged state, 74 a peer failed, 75 start again, 78 configuration, credentials or a missing topic.",
	 {{TW_OPTION_JSON, "--json", NULL, "show, verify: one JSON object"},
	  {TW_OPTION_MOST, "--most", "N", "verify: name at most so many differences (20); all are counted"},
	  {TW_OPTION_FROM_NOTHING, "--from-nothing", NULL, "rebuild: remove the stored state first"},
	  {TW_OPTION_TO_PREFIX, "--to-prefix", "NAME", "migrate: key prefix of the new state"},
	  {TW_OPTION_TO_SHARDS, "--to-shards", "N", "migrate: its number of shards; else redis.shards"},
	  {TW_OPTION_PREFIX, "--prefix", "NAME", "drop: whose keys"},
	  {TW_OPTION_YES, "--yes", NULL, "really remove"},
	  {TW_OPTION_FORCE, "--force", NULL, "drop: even the prefix in use"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress, no speed"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"certificate", "show CERTIFICATE [FILE...]|list [FILE...]", "The ledger of end-user certificates: terms, draws, deliveries, what happened, and what does not fit.",
	 "show CERTIFICATE  One: its number, or ISSUER|NUMBER (\"QZ|QZ/MOD/2026/00417\"), spelled as on paper. Problems; each line with every consignment that draws on\n"
	 "                  it and what is left; deliveries received, short or over; what happened, in event time; every statement of it and what it changed; the\n"
	 "                  paper in force. Exit 1: nothing is on record of it; the nearest number is named, and of a\n"
	 "                  consignment what it draws on.\n"
	 "list              All, those with the most urgent problem first.\n"
	 "FILE is what `screen` reads (- is standard input), and what it wrote: the reasons of alerts about a certificate are among its problems. Without FILE\n"
	 "the store of the configured engine is asked: the same view, and what it does not keep is named in it; with --log the configured\n"
	 "broker's topics are read from their begin, as nobody's member.\n"
	 "Problems, the most urgent first: drawn_void (on a paper that was revoked, lost, refuted or suspended then), voided_since, terms_conflict (a twin),\n"
	 "over_drawn, reused (one transaction, several consignments), diverted, received_differs, outside_validity, elsewhere, not_certified (a line that it\n"
	 "does not have), units_differ, not_on_record, not_confirmed, rule (an alert's reason).\n"
	 "Exit: 0 done, 1 no such certificate, 64 usage, 65 lines that cannot be used, 66 no such file, 70 damaged state, 74 a peer or a file failed,\n"
	 "78 configuration.",
	 {{TW_OPTION_ISSUER, "--issuer", "XX", "list: certificates of this country"},
	  {TW_OPTION_PROBLEM, "--problem", "WORD", "list: those with this problem"},
	  {TW_OPTION_LIMIT, "--limit", "N", "list: at most so many (20); 0 all"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "table or json: one object a certificate, one a line"},
	  {TW_OPTION_TOPIC, "--topic", "NAME", "lines of the files are bare events of this input topic"},
	  {TW_OPTION_LOG, "--log", NULL, "read the topics of the configured broker"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"lists", "stat|search NAME|diff OLD NEW|build", "What the lists hold, whether a name hits and why, a file of names at once, two editions compared; all compiled to one file.",
	 "stat              Of each list: entries by kind, names, numbers, addresses, what was passed over and why, digest, memory, time to read.\n"
	 "search NAME       What NAME hits and why; for a miss, what it was compared as and what came nearest. Decisions of the known good are shown as such.\n"
	 "                  With --on the lists as they stood that day: an entry whose day of listing is not stated is shown, and says so. --on without a\n"
	 "                  NAME prints all that was listed that day.\n"
	 "search --batch F  A file of names (- is standard input): CSV with a header that has name or identifier (9187629, imo:9187629) and may have id, country,\n"
	 "                  birth_date, kind, address, or one JSON object a line with the same members. One JSON object a row comes out, in the same order; a row that cannot be read has error and\n"
	 "                  its line, and the exit is 65.\n"
	 "diff OLD NEW      Two editions of one list of --format: entries added, removed, changed, by the issuer's own reference; then the counts.\n"
	 "                  --format compiled: two files of `lists build`, all their lists.\n"
	 "build             All configured lists, read from their own files, compiled to the file of --out: setting compiled.path to it makes every command\n"
	 "                  map that file instead of reading them. One list that is refused refuses all; the file is replaced when all is written.\n"
	 "Exit: 0 a hit, or nothing differs; 1 no hit, or a difference; 64 usage, 65 rows not read, 66 no such file of names, 74 a file failed,\n"
	 "70 a damaged compiled file, 78 configuration, or a list that cannot be read.",
	 {{TW_OPTION_LIST, "--list", "ID=FORMAT:PATH", "this list instead of the configured ones; may be repeated"},
	  {TW_OPTION_KIND, "--kind", "WORD", "person, organisation, vessel, aircraft or any (any; it compares numbers too)"},
	  {TW_OPTION_COUNTRY, "--country", "XX", "search: the party's, two letters"},
	  {TW_OPTION_ADDRESS, "--address", "TEXT", "search: the party's, with its town; what agrees adds, and who else is listed there is shown"},
	  {TW_OPTION_BIRTH, "--birth", "DATE", "search: as far as it is known: 1962, 1962-03, 1962-03-12"},
	  {TW_OPTION_LIMIT, "--limit", "N", "search: most hits of a name (10); 0 all"},
	  {TW_OPTION_MIN_SIMILARITY, "--min-similarity", "PPM", "search: only hits from this similarity on, in millionths"},
	  {TW_OPTION_ALL, "--all", NULL, "search: all names, numbers, addresses and links of an entry"},
	  {TW_OPTION_ON, "--on", "DATE", "search: the lists as they stood on this day; known good decisions must count on it"},
	  {TW_OPTION_BATCH, "--batch", "FILE", "search: a file of names"},
	  {TW_OPTION_OUT, "--out", "FILE", "build: the compiled file; search --batch: write here instead of standard output"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "diff: the format of both files, or compiled"},
	  {TW_OPTION_JSON, "--json", NULL, "stat, diff: one JSON object a line; search: one"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress, no summary, no warnings"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"registers", "lint [FILE...]|build|codes", "The CSV files that a centre maintains: all that is wrong with them at once; a list of millions of marks compiled.",
	 "lint    Specimens, quantity bands, lists of marks: what a load would refuse, and rows that it would pass over, each with a stable code, its line, its\n"
	 "        column and a caret. FILE is known by its header; a list of marks whose columns have other names is read with markings.columns. Without\n"
	 "        FILE those of specimens.path, quantities.path and markings.path.\n"
	 "build   The list of markings.path compiled to the file of --out: set as markings.path it is mapped, not read. Another build of the program refuses it.\n"
	 "codes   The table of those codes, as Markdown.\n"
	 "Exit: 0 good, or warnings alone; 64 usage, 65 a register that is wrong, 78 no such file, configuration.",
	 {{TW_OPTION_FORMAT, "--format", "WORD", "lint: text; json: one object a line; github: annotations of a workflow"},
	  {TW_OPTION_OUT, "--out", "FILE", "build: the compiled list"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"trace", "MARK...", "What is known of a weapon's mark: every sighting in order, with source; who else may have made it; what is missing to identify it.",
	 "MARK is SERIAL or \"MAKER|SERIAL\", as stamped or as stored; a lot too. Asked of the files of --over; without them of the engine's records in Redis; with\n"
	 "state.store memory of the topics, up to what is committed. A sighting is exact (sign by sign), normalised (but for case, blanks and punctuation),\n"
	 "number (but for noughts before it), in range (of serials that were stated as one), or only alike (0 as O, 1 as I): the last is a hint, and\n"
	 "counts for nothing in what identifies the weapon. Serials repeat across makers: without a maker all that have such a serial are named.\n"
	 "Exit: 0 every mark was seen, 1 one was not (unknown is an answer), 64 usage, 66 no such file, 70 damaged state, 74 a file or peer failed,\n"
	 "78 configuration, credentials or a missing topic.",
	 {{TW_OPTION_MAKER, "--maker", "NAME", "of marks that state none"},
	  {TW_OPTION_MODEL, "--model", "NAME", "as far as it is known: counts in what identifies the weapon"},
	  {TW_OPTION_COUNTRY, "--country", "XX", "of manufacture, likewise"},
	  {TW_OPTION_OVER, "--over", "FILE", "events as `screen` reads them (- is standard input); may be repeated"},
	  {TW_OPTION_TOPIC, "--topic", "NAME", "lines of --over are bare events of this input topic"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "text or json: one object a mark"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"rules", "lint [PATHS]|test [PATHS]|docs [PATHS]|fmt FILES|coverage [PATHS]|diff OLD NEW|backtest PACK...|explain RULE EVENT|explain ALERT EVENTS|codes|keygen NAME|sign PACK|verify [PACKS]", "The tools of whoever writes rules. PATHS are rule files and folders; without them the configured rules.",
	 "lint              Everything that is wrong at once, each with a stable code, its line, a caret, the nearest valid name, and how to mend it: what the\n"
	 "                  loader refuses; owner and day of creation; countries that do not exist; patterns that need no fixed text (slow), never match, or\n"
	 "                  give up on a text made to hurt them; conditions that exclude each other; rules with the same conditions. --format json: one\n"
	 "                  object a line; github: annotations of a workflow.\n"
	 "test              The tests inside the rules, on all cores; of one that fails, what was expected, what fired instead and why, and its rule's\n"
	 "                  conditions, each true or false with the value that it saw. Drafts are tested too. 65 when one fails.\n"
	 "docs              A catalogue: what each rule looks for, why, its source, points and action, when it is wrong, and an example from its tests with\n"
	 "                  the sentence that the officer reads. --format html: one file that needs nothing else.\n"
	 "fmt FILES         One layout, comments kept, in place; the files that changed are named. A file that would not stay the same document is refused.\n"
	 "                  --check changes nothing and ends with 1 when something would change.\n"
	 "coverage          What no test touches: conditions that were never true or never false, entries of lists and sets and patterns that none met; by\n"
	 "                  rule, by named set, in all. With --min it ends with 1 below that percentage.\n"
	 "diff OLD NEW      Two editions by what they mean: rules that came and went, points, action, status, conditions by node, entries of lists, sets and macros in full;\n"
	 "                  what a shared set or macro reaches; order, layout and comments make no difference. 1 when they differ.\n"
	 "backtest PACK...  What PACK would have made of the history of --over, beside the configured rules (or those of --against): alerts by lane, each rule\n"
	 "                  fired, alone, together with others and what it was worth, pairs that fire together, who enters and leaves the first --capacity of\n"
	 "                  a day and why, and, where the history has outcomes of inspections, how many were found, with intervals. PACK is all of the\n"
	 "                  new edition: rules that it lacks are gone in it. History is kept in memory, once for both; with --from and --to the events of\n"
	 "                  another time are history alone. --over topic:NAME reads an input topic where it lies, oldest message first, joining no\n"
	 "                  group; with @TIME from what the log has from then on. --html also writes one page that needs nothing else.\n"
	 "explain RULE EVENT  The rule's conditions on one event, each true or false with the value that it saw, of every element. RULE is an id or a file;\n"
	 "                  EVENT is a file of one JSON object, or of one a line: the last is asked about, those before are its history. 1: it does not fire.\n"
	 "explain ALERT EVENTS  The same of every rule that gave the alert its reasons. ALERT is a file of alerts: its last, or FILE#ID, an alert's id or a\n"
	 "                  consignment's; EVENTS holds the event that raised it and what came before. 1: a reason would not stand today.\n"
	 "codes             The table of those codes, as Markdown.\n"
	 "keygen NAME       A pair of Ed25519 keys as PEM: NAME.key, private, and NAME.pub. Neither is ever written over.\n"
	 "sign PACK         Adds the signature of --key to PACK.signatures: over the path and SHA-256 of every file that a load of the pack reads. Signatures of\n"
	 "                  other contents are dropped.\n"
	 "verify [PACKS]    Are they what was signed, by the keys of rules.signers and as many as rules.signatures asks for? Or by --key alone. 65 when not.\n"
	 "Exit: 0 good, or warnings alone; 64 usage, 1 fmt --check would change a file, coverage is below --min, editions differ, or the rule does not fire, 65 rules that are wrong, 66 no such file, 78 configuration.",
	 {{TW_OPTION_FORMAT, "--format", "WORD", "lint: text, json or github; docs: markdown or html; backtest: table or json"},
	  {TW_OPTION_OVER, "--over", "FILE", "backtest: events as `screen` reads them (- is standard input), or topic:NAME[@TIME]; may be repeated"},
	  {TW_OPTION_AGAINST, "--against", "PATH", "backtest: the edition before, instead of the configured rules; may be repeated"},
	  {TW_OPTION_FROM, "--from", "TIME", "backtest: judge events from this day or instant on"},
	  {TW_OPTION_TO, "--to", "TIME", "backtest: judge events before this day or instant"},
	  {TW_OPTION_TOPIC, "--topic", "NAME", "backtest: lines are bare events of this input topic"},
	  {TW_OPTION_CAPACITY, "--capacity", "N", "backtest: as many as can be opened a day"},
	  {TW_OPTION_HTML, "--html", "FILE", "backtest: also one page with plots"},
	  {TW_OPTION_RULE, "--rule", "ID", "test, docs, coverage: this rule alone"},
	  {TW_OPTION_MIN, "--min", "PERCENT", "coverage: the least that is enough"},
	  {TW_OPTION_KEY, "--key", "FILE", "sign: the private key; verify: the public key that must have signed"},
	  {TW_OPTION_CHECK, "--check", NULL, "fmt: only say what would change"},
	  {TW_OPTION_JSON, "--json", NULL, "test, coverage, diff, explain: JSON objects, one a line"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no summary"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"config", "show|table|metrics", "Print the settings in force as YAML (show), what can be set (table), or the metrics of metrics.path (metrics) as Markdown.", NULL,
	 {{TW_OPTION_REDACT, "--redact", NULL, "hide passwords and keys"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"version", "", "Print the version.", NULL, {HELP_OPTION}},
	{"help", "[COMMAND]", "Explain a command; `help settings` lists all settings.", NULL, {HELP_OPTION}},
};
/* clang-format on */

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int usage_wrong(const struct tw_command *command, const char *what)
{
	fprintf(stderr, "tidewaiter %s: %s; see `tidewaiter help %s`\n", command->name, what, command->name);
	return TW_EXIT_USAGE;
}

static int complain(const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	fprintf(stderr, "tidewaiter: %s\n", tw_error_text(err, text, sizeof(text)));
	return tw_exit_of(err, true);
}

/* Defaults, then the file, then --set in order. */
static enum tw_code settings_read(struct tw_settings *settings, const struct tw_arguments *arguments, struct tw_error *err)
{
	const char *file = arguments->value[TW_OPTION_CONFIG];
	if (!file && access(DEFAULT_CONFIG, F_OK) == 0) {
		file = DEFAULT_CONFIG;
	}
	enum tw_code code = tw_settings_init(settings, err);
	code = code == TW_OK && file ? tw_config_read(settings, file, err) : code;
	for (uint32_t i = 0; code == TW_OK && i < arguments->set_count; i++) {
		code = tw_config_set(settings, arguments->sets[i], err);
	}
	code = code == TW_OK ? tw_settings_complete(settings, err) : code;
	if (code == TW_OK) {
		tw_log_setup((enum tw_log_level)(settings->log_level - 1), settings->log_format == 2);
	}
	return code;
}

/* What can be known without reading anything. @return NULL, or why these arguments cannot be resumed */
static const char *resume_refuse(const struct tw_settings *settings, const struct tw_arguments *arguments)
{
	if (!arguments->value[TW_OPTION_RESUME]) {
		return NULL;
	}
	for (uint32_t i = 0; i < arguments->operand_count; i++) {
		if (strcmp(arguments->operands[i], "-") == 0) {
			return "--resume needs files: standard input cannot be read again";
		}
	}
	return strcmp(settings->output_path, "-") == 0 ? "--resume needs --out FILE: what went to standard output is gone" : NULL;
}

static int screen_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count == 0) {
		return usage_wrong(command, "no input: name files, or - for standard input");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	if (code != TW_OK) {
		tw_settings_fini(&settings);
		return complain(&err);
	}
	if (arguments->value[TW_OPTION_OUT]) {
		settings.output_path = arguments->value[TW_OPTION_OUT];
	}
	struct tw_screen_request request = {.inputs = arguments->operands,
	                                    .input_count = arguments->operand_count,
	                                    .topic = arguments->value[TW_OPTION_TOPIC],
	                                    .quiet = arguments->value[TW_OPTION_QUIET] != NULL,
	                                    .before = arguments->value[TW_OPTION_ONLY_DELTA],
	                                    .resume = arguments->value[TW_OPTION_RESUME] != NULL};
	const char *refused = resume_refuse(&settings, arguments);
	int result = refused ? usage_wrong(command, refused) : tw_worker_screen(&settings, &request);
	tw_settings_fini(&settings);
	return result;
}

/* Cores that we may use, not those that the machine has. */
static int64_t cores(void)
{
	cpu_set_t usable;
	CPU_ZERO(&usable);
	int count = sched_getaffinity(0, sizeof(usable), &usable) == 0 ? CPU_COUNT(&usable) : 1;
	return count < (int)TW_WORKERS_MAX ? count : (int)TW_WORKERS_MAX;
}

/* @return false for what is neither a number of workers nor "auto" */
static bool workers_read(const char *text, int64_t *count)
{
	char *end = NULL;
	long asked = strcmp(text, "auto") == 0 ? (long)cores() : strtol(text, &end, 10);
	*count = asked;
	return (!end || (end != text && !*end)) && asked >= 1 && asked <= (long)TW_WORKERS_MAX;
}

static int run_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *asked = arguments->value[TW_OPTION_WORKERS];
	int64_t workers = 0;
	if (arguments->operand_count) {
		return usage_wrong(command, "takes no operands");
	}
	if (asked && !workers_read(asked, &workers)) {
		return usage_wrong(command, "--workers is 1 to 64, or auto");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	settings.workers_count = asked ? workers : settings.workers_count;
	int result = code == TW_OK ? tw_worker_run(&settings) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int check_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count) {
		return usage_wrong(command, "takes no operands");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_worker_check(&settings, arguments->value[TW_OPTION_CONNECT] != NULL, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

/* @return false: not a whole number within the bounds */
static bool number_read(const char *text, unsigned long least, unsigned long most, unsigned long *out)
{
	char *end = NULL;
	unsigned long value = text ? strtoul(text, &end, 10) : *out;
	if (text && (end == text || *end || text[0] == '-' || value < least || value > most)) {
		return false;
	}
	*out = value;
	return true;
}

static int reload_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	unsigned long pid = 0, wait_s = 60;
	if (arguments->operand_count > 1 || !number_read(arguments->operand_count ? arguments->operands[0] : NULL, 1, INT_MAX, &pid)) {
		return usage_wrong(command, "takes the number of one process, or none");
	}
	if (!number_read(arguments->value[TW_OPTION_WAIT], 0, 86400, &wait_s)) {
		return usage_wrong(command, "--wait is 0 to 86400 seconds");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_reload_command(&settings, (int64_t)pid, (int64_t)wait_s, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int config_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count == 1 && strcmp(arguments->operands[0], "table") == 0) {
		tw_settings_table(stdout);
		return TW_EXIT_OK;
	}
	if (arguments->operand_count == 1 && strcmp(arguments->operands[0], "metrics") == 0) {
		tw_metrics_table(stdout);
		return TW_EXIT_OK;
	}
	if (arguments->operand_count != 1 || strcmp(arguments->operands[0], "show") != 0) {
		return usage_wrong(command, "show, table or metrics?");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	if (code == TW_OK) {
		tw_settings_show(&settings, arguments->value[TW_OPTION_REDACT] != NULL, stdout);
	}
	int result = code == TW_OK ? TW_EXIT_OK : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int top_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_top_options options = {.inputs = arguments->operands,
	                                 .input_count = arguments->operand_count,
	                                 .office = arguments->value[TW_OPTION_OFFICE],
	                                 .explain = arguments->value[TW_OPTION_EXPLAIN],
	                                 .all = arguments->value[TW_OPTION_ALL] != NULL};
	const char *capacity = arguments->value[TW_OPTION_CAPACITY], *format = arguments->value[TW_OPTION_FORMAT];
	char *end = NULL;
	unsigned long most = capacity ? strtoul(capacity, &end, 10) : 0;
	if (capacity && (end == capacity || *end || capacity[0] == '-' || most > UINT32_MAX)) {
		return usage_wrong(command, "--capacity is a whole number; 0 shows all");
	}
	options.capacity = (uint32_t)most;
	if (format && !tw_top_format_find(format, &options.format)) {
		return usage_wrong(command, "--format is table, json or csv");
	}
	tw_top_terminal(stdout, &options);
	return tw_top_run(&options, stdout, stderr);
}

static int state_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	unsigned long most = TW_STATE_MOST_DEFAULT, shards = 0;
	if (!number_read(arguments->value[TW_OPTION_MOST], 0, TW_STATE_MOST_MAX, &most)) {
		return usage_wrong(command, "--most is a whole number, at most 100000");
	}
	if (!number_read(arguments->value[TW_OPTION_TO_SHARDS], 1, 1024, &shards)) {
		return usage_wrong(command, "--to-shards is a whole number from 1 to 1024");
	}
	struct tw_state_request request = {.words = arguments->operands,
	                                   .word_count = arguments->operand_count,
	                                   .json = arguments->value[TW_OPTION_JSON] != NULL,
	                                   .quiet = arguments->value[TW_OPTION_QUIET] != NULL,
	                                   .yes = arguments->value[TW_OPTION_YES] != NULL,
	                                   .force = arguments->value[TW_OPTION_FORCE] != NULL,
	                                   .from_nothing = arguments->value[TW_OPTION_FROM_NOTHING] != NULL,
	                                   .most = (uint32_t)most,
	                                   .prefix = arguments->value[TW_OPTION_PREFIX],
	                                   .to_prefix = arguments->value[TW_OPTION_TO_PREFIX],
	                                   .to_shards = (int64_t)shards};
	if (settings_read(&settings, arguments, &err) != TW_OK) {
		tw_settings_fini(&settings);
		return complain(&err);
	}
	const char *refused = tw_state_request_refuse(&request, &settings);
	int result = refused ? usage_wrong(command, refused) : tw_state_run(&settings, &request, stdout);
	tw_settings_fini(&settings);
	return result;
}

static int trace_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	const char *format = value[TW_OPTION_FORMAT];
	struct tw_trace_request request = {.marks = arguments->operands,
	                                   .mark_count = arguments->operand_count,
	                                   .maker = value[TW_OPTION_MAKER],
	                                   .model = value[TW_OPTION_MODEL],
	                                   .country = value[TW_OPTION_COUNTRY],
	                                   .overs = arguments->overs,
	                                   .over_count = arguments->over_count,
	                                   .topic = value[TW_OPTION_TOPIC],
	                                   .json = format && strcmp(format, "json") == 0,
	                                   .quiet = value[TW_OPTION_QUIET] != NULL};
	if (request.mark_count == 0) {
		return usage_wrong(command, "which mark? SERIAL or \"MAKER|SERIAL\"");
	}
	if (format && !request.json && strcmp(format, "text") != 0) {
		return usage_wrong(command, "--format is text or json");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_trace_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int certificate_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long limit = TW_CERTIFICATES_LIMIT_DEFAULT;
	char room[TW_CERTIFICATE_REASON_BYTES];
	if (!number_read(value[TW_OPTION_LIMIT], 0, UINT32_MAX, &limit)) {
		return usage_wrong(command, "--limit is a whole number; 0 shows all");
	}
	struct tw_certificate_request request = {.words = arguments->operands,
	                                         .word_count = arguments->operand_count,
	                                         .topic = value[TW_OPTION_TOPIC],
	                                         .issuer = value[TW_OPTION_ISSUER],
	                                         .problem = value[TW_OPTION_PROBLEM],
	                                         .format = value[TW_OPTION_FORMAT],
	                                         .limit = (uint32_t)limit,
	                                         .log = value[TW_OPTION_LOG] != NULL,
	                                         .quiet = value[TW_OPTION_QUIET] != NULL,
	                                         .bars = isatty(STDOUT_FILENO) == 1};
	tw_top_terminal(stdout, &request.terminal);
	if (settings_read(&settings, arguments, &err) != TW_OK) {
		tw_settings_fini(&settings);
		return complain(&err);
	}
	const char *refused = tw_certificate_request_refuse(&request, &settings, room);
	int result = refused ? usage_wrong(command, refused) : tw_certificate_run(&settings, &request, stdout);
	tw_settings_fini(&settings);
	return result;
}

/* A person asks now. Nothing else reads the calendar: a run counts by its events' time. */
static int32_t today(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return tw_instant_day((int64_t)now.tv_sec * 1000);
}

static int lists_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long limit = TW_LISTS_LIMIT_DEFAULT, similarity = 0;
	if (!number_read(value[TW_OPTION_LIMIT], 0, 100000, &limit)) {
		return usage_wrong(command, "--limit is a whole number, at most 100000; 0 shows all");
	}
	if (!number_read(value[TW_OPTION_MIN_SIMILARITY], 0, 1000000, &similarity)) {
		return usage_wrong(command, "--min-similarity is a whole number of millionths, at most 1000000");
	}
	struct tw_top_options terminal = {.all = false};
	tw_top_terminal(stdout, &terminal);
	struct tw_lists_request request = {.words = arguments->operands,
	                                   .word_count = arguments->operand_count,
	                                   .lists = arguments->lists,
	                                   .list_count = arguments->list_count,
	                                   .kind = value[TW_OPTION_KIND],
	                                   .country = value[TW_OPTION_COUNTRY],
	                                   .birth = value[TW_OPTION_BIRTH],
	                                   .address = value[TW_OPTION_ADDRESS],
	                                   .on = value[TW_OPTION_ON],
	                                   .batch = value[TW_OPTION_BATCH],
	                                   .format = value[TW_OPTION_FORMAT],
	                                   .out = value[TW_OPTION_OUT],
	                                   .json = value[TW_OPTION_JSON] != NULL,
	                                   .quiet = value[TW_OPTION_QUIET] != NULL,
	                                   .all = value[TW_OPTION_ALL] != NULL,
	                                   .color = terminal.color,
	                                   .limit = (uint32_t)limit,
	                                   .similarity_min_ppm = (uint32_t)similarity,
	                                   .today = today()};
	const char *refused = tw_lists_request_refuse(&request);
	if (refused) {
		return usage_wrong(command, refused);
	}
	int result = settings_read(&settings, arguments, &err) == TW_OK ? tw_lists_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int registers_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const struct tw_registers_request request = {arguments->operands, arguments->operand_count, arguments->value[TW_OPTION_FORMAT],
	                                             arguments->value[TW_OPTION_OUT]};
	const char *refused = tw_registers_request_refuse(&request);
	if (refused) {
		return usage_wrong(command, refused);
	}
	int result = settings_read(&settings, arguments, &err) == TW_OK ? tw_registers_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int rules_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long least = 0, capacity = 0;
	if (!number_read(value[TW_OPTION_CAPACITY], 1, TW_RULES_CAPACITY_MAX, &capacity)) {
		return usage_wrong(command, "--capacity is a whole number from 1 to 1000000");
	}
	if (!number_read(value[TW_OPTION_MIN], 0, 100, &least)) {
		return usage_wrong(command, "--min is a whole percentage, 0 to 100");
	}
	struct tw_rules_request request = {.words = arguments->operands,
	                                   .word_count = arguments->operand_count,
	                                   .format = value[TW_OPTION_FORMAT],
	                                   .rule = value[TW_OPTION_RULE],
	                                   .key = value[TW_OPTION_KEY],
	                                   .json = value[TW_OPTION_JSON] != NULL,
	                                   .quiet = value[TW_OPTION_QUIET] != NULL,
	                                   .check = value[TW_OPTION_CHECK] != NULL,
	                                   .percent_min = (uint32_t)least,
	                                   .threads = (uint32_t)cores(),
	                                   .over = arguments->overs,
	                                   .over_count = arguments->over_count,
	                                   .against = arguments->againsts,
	                                   .against_count = arguments->against_count,
	                                   .from = value[TW_OPTION_FROM],
	                                   .to = value[TW_OPTION_TO],
	                                   .topic = value[TW_OPTION_TOPIC],
	                                   .html = value[TW_OPTION_HTML],
	                                   .capacity = (uint32_t)capacity};
	const char *refused = tw_rules_request_refuse(&request);
	if (refused) {
		return usage_wrong(command, refused);
	}
	int result = settings_read(&settings, arguments, &err) == TW_OK ? tw_rules_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int version_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	if (arguments->operand_count) {
		return usage_wrong(command, "takes no operands");
	}
	puts("tidewaiter " TW_VERSION);
	return TW_EXIT_OK;
}

static void overview(FILE *out)
{
	fputs("usage: tidewaiter COMMAND [options]\n\nReads shipping manifests and end-user certificates; says what to inspect first, and why.\n\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++) {
		fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].summary);
	}
	fputs("\n`tidewaiter help COMMAND` says more; `tidewaiter help settings` lists what can be set.\n", out);
}

static const struct tw_command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			return &commands[i];
		}
	}
	return NULL;
}

static int command_unknown(const char *name)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(name));
	for (size_t i = 0; i < COMMANDS; i++) {
		tw_nearest_offer(&nearest, commands[i].name);
	}
	fprintf(stderr, "tidewaiter: unknown command %s%s\n", name, tw_nearest_hint(&nearest, hint)[0] ? hint : "; `tidewaiter help` lists them");
	return TW_EXIT_USAGE;
}

static int help_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	(void)command;
	if (arguments->operand_count == 0) {
		overview(stdout);
		return TW_EXIT_OK;
	}
	const char *name = arguments->operands[0];
	if (strcmp(name, "settings") == 0) {
		tw_settings_help(stdout);
		return TW_EXIT_OK;
	}
	const struct tw_command *asked = command_find(name);
	if (!asked) {
		return command_unknown(name);
	}
	tw_command_help(asked, stdout);
	if (strcmp(name, "config") == 0) {
		fputs("\nsettings:\n", stdout);
		tw_settings_help(stdout);
	}
	return TW_EXIT_OK;
}

/* Output that could not be written is a failure, whatever the command thought of itself. */
static int flushed(int result)
{
	return (fflush(stdout) != 0 || ferror(stdout)) && result == TW_EXIT_OK ? TW_EXIT_IO : result;
}

int tw_cli_main(int argc, char *const *argv)
{
	static run_function *const runs[COMMANDS] = {screen_run, top_run,       run_run,   check_run, reload_run, state_run,   certificate_run,
	                                             lists_run,  registers_run, trace_run, rules_run, config_run, version_run, help_run};
	struct tw_arguments arguments;
	const char *name = argc > 1 ? argv[1] : NULL;
	if (!name) {
		overview(stderr);
		return TW_EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		name = "help";
	} else if (strcmp(name, "--version") == 0) {
		name = "version";
	}
	const struct tw_command *command = command_find(name);
	if (!command) {
		return command_unknown(name);
	}
	int result = TW_EXIT_USAGE;
	if (tw_arguments_parse(command, argc - 2, argv + 2, &arguments, stderr)) {
		if (arguments.value[TW_OPTION_HELP]) {
			tw_command_help(command, stdout);
			result = TW_EXIT_OK;
		} else {
			result = runs[command - commands](command, &arguments);
		}
	}
	tw_arguments_fini(&arguments);
	return flushed(result);
}
