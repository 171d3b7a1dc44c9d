/**
 * @file certificate_source.h
 * Where the certificate view has its certificates from, and what is known of them beside their records.
 *
 *     files, or the log --portions, folded--> a store in memory, as `screen` would fill it; and what was told (struct tw_told), shipped, alerted
 *     neither                                the configured engine's store, in Redis: records alone
 *
 * Nothing is judged and nothing is put out; no rule and no list is loaded. Private to engine/command. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_SOURCE_H
#define TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_SOURCE_H

#include <tidewaiter/papers.h>

#include "engine/base/arena.h"
#include "engine/emit/alert_reader.h"
#include "engine/run/settings.h"
#include "engine/state/ledger.h"
#include "engine/state/store.h"

/** What an event of tw.certificates says that a record does not keep. */
struct tw_told {
	struct tw_slice key; /**< of the certificate */
	uint32_t sequence;   /**< of reading */
	uint64_t id_hash;    /**< as the versions in the record have it */
	enum tw_event_type type;
	int64_t time_ms;
	struct tw_slice id, source, by, reason, consignment, discrepancy, text, reported_by;
	bool received_stated;
	int32_t received;                   /**< day */
	const struct tw_ledger_line *lines; /**< delivery_verified: what was received */
	uint32_t line_count;
};

/** A line that draws, in the words of its manifest; one for each reference to a certificate. */
struct tw_shipped {
	struct tw_slice key; /**< of the certificate */
	struct tw_slice consignment;
	uint32_t sequence; /**< of reading */
	int64_t revision, time_ms, item;
	struct tw_slice description, from, to, consignor, consignee;
};

/** A consignment's papers as its latest manifest was held against what was known then. */
struct tw_compared {
	struct tw_slice consignment;
	int64_t revision, time_ms;
	struct tw_papers papers;
};

struct tw_certificate_source {
	struct tw_arena arena;
	struct tw_store *store;
	bool opened;             /**< the files, the log or the store were there */
	bool papers;             /**< events were read: the lists below are whole */
	struct tw_list told;     /**< struct tw_told, by certificate, in the order of reading */
	struct tw_list shipped;  /**< struct tw_shipped, by certificate, consignment, line, revision, time */
	struct tw_list compared; /**< struct tw_compared, by consignment; only where one certificate is asked for */
	struct tw_list alerts;   /**< struct tw_alert_view, in the order of reading */
	uint64_t events;
	uint64_t unread; /**< lines and events that cannot be used */
};

struct tw_certificate_inputs {
	const char *const *files; /**< "-": standard input */
	uint32_t file_count;
	const char *topic;      /**< lines are bare events of it; NULL: envelopes, and records that `screen` wrote */
	bool log;               /**< the topics of the configured broker, from their begin to their end */
	bool quiet;             /**< no bar */
	struct tw_slice number; /**< what is told of other certificates than those whose key ends in it is not kept; empty: all is */
};

/** @param out to be given to tw_certificate_source_close whatever comes @return TW_OK; as tw_stream_file_new, tw_stream_log_new, tw_engine_store */
TW_MUST_USE enum tw_code tw_certificate_source_open(const struct tw_settings *settings, const struct tw_certificate_inputs *inputs,
                                                    struct tw_certificate_source *out, struct tw_error *err);
/** What is known of one certificate: `told` and `shipped` are its own, all others borrowed as they are. Not to be closed. */
struct tw_certificate_source tw_certificate_source_of(const struct tw_certificate_source *source, struct tw_slice key);
void tw_certificate_source_close(struct tw_certificate_source *source);

#endif
