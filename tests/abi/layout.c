/* Prints where every member of the ABI lies and what every constant is. layout.golden has what ABI 1.0 printed. Once 1.0
   is cut nothing in it may change, save pflow_http_* while that extension is a draft; later minors only add lines.
   A struct without padding whose members here add up to its size has no member that is missing here. */
#include <inttypes.h>
#include <pflow/plugin.h>
#include <stdio.h>

static int missing;
static size_t counted;

#define STRUCT(type)                                                                                         \
    printf("struct %s %zu\n", #type, sizeof(type));                                                          \
    counted = 0
#define MEMBER(type, member)                                                                                 \
    printf("%s.%s %zu %zu\n", #type, #member, offsetof(type, member), sizeof(((type *)0)->member));          \
    counted += sizeof(((type *)0)->member)
#define END(type)                                                                                            \
    if (counted != sizeof(type)) {                                                                           \
        fprintf(stderr, "%s has members that are not listed, or padding\n", #type);                          \
        missing = 1;                                                                                         \
    }
#define CONSTANT(name) printf("%s = %" PRId64 "\n", #name, (int64_t)(name))
#define TEXT(name) printf("%s = \"%s\"\n", #name, name)

int main(void) {
    STRUCT(pflow_str);
    MEMBER(pflow_str, ptr);
    MEMBER(pflow_str, len);
    END(pflow_str)
    STRUCT(pflow_error);
    MEMBER(pflow_error, struct_size);
    MEMBER(pflow_error, status);
    MEMBER(pflow_error, flags);
    MEMBER(pflow_error, origin_code);
    MEMBER(pflow_error, retry_after_ms);
    MEMBER(pflow_error, code);
    MEMBER(pflow_error, message);
    MEMBER(pflow_error, detail_json);
    END(pflow_error)
    STRUCT(pflow_llm_usage);
    MEMBER(pflow_llm_usage, struct_size);
    MEMBER(pflow_llm_usage, flags);
    MEMBER(pflow_llm_usage, provider);
    MEMBER(pflow_llm_usage, model);
    MEMBER(pflow_llm_usage, request_id);
    MEMBER(pflow_llm_usage, requested_model);
    MEMBER(pflow_llm_usage, service_tier);
    MEMBER(pflow_llm_usage, api_flavor);
    MEMBER(pflow_llm_usage, raw_json);
    MEMBER(pflow_llm_usage, units_json);
    MEMBER(pflow_llm_usage, input_tokens);
    MEMBER(pflow_llm_usage, output_tokens);
    MEMBER(pflow_llm_usage, cache_read_tokens);
    MEMBER(pflow_llm_usage, cache_write_tokens);
    MEMBER(pflow_llm_usage, reasoning_tokens);
    MEMBER(pflow_llm_usage, cost_nano_usd);
    MEMBER(pflow_llm_usage, ttft_ns);
    END(pflow_llm_usage)
    STRUCT(pflow_call_info);
    MEMBER(pflow_call_info, struct_size);
    MEMBER(pflow_call_info, attempt);
    MEMBER(pflow_call_info, run_id);
    MEMBER(pflow_call_info, workflow_id);
    MEMBER(pflow_call_info, node_id);
    MEMBER(pflow_call_info, trace_parent);
    MEMBER(pflow_call_info, workflow_dir);
    MEMBER(pflow_call_info, batch_index);
    MEMBER(pflow_call_info, visit);
    MEMBER(pflow_call_info, remaining_ns);
    END(pflow_call_info)
    STRUCT(pflow_value_api);
    MEMBER(pflow_value_api, struct_size);
    MEMBER(pflow_value_api, reserved0);
    MEMBER(pflow_value_api, type);
    MEMBER(pflow_value_api, get_bool);
    MEMBER(pflow_value_api, get_int);
    MEMBER(pflow_value_api, get_float);
    MEMBER(pflow_value_api, get_str);
    MEMBER(pflow_value_api, length);
    MEMBER(pflow_value_api, get);
    MEMBER(pflow_value_api, at);
    MEMBER(pflow_value_api, key_at);
    MEMBER(pflow_value_api, to_json);
    MEMBER(pflow_value_api, from_json);
    MEMBER(pflow_value_api, make_bool);
    MEMBER(pflow_value_api, make_int);
    MEMBER(pflow_value_api, make_float);
    MEMBER(pflow_value_api, make_str);
    MEMBER(pflow_value_api, make_bytes);
    MEMBER(pflow_value_api, make_array);
    MEMBER(pflow_value_api, make_object);
    MEMBER(pflow_value_api, get_uint);
    MEMBER(pflow_value_api, make_uint);
    MEMBER(pflow_value_api, buffer_new);
    MEMBER(pflow_value_api, buffer_append);
    MEMBER(pflow_value_api, buffer_finish);
    END(pflow_value_api)
    STRUCT(pflow_host);
    MEMBER(pflow_host, struct_size);
    MEMBER(pflow_host, abi_major);
    MEMBER(pflow_host, abi_minor);
    MEMBER(pflow_host, name);
    MEMBER(pflow_host, version);
    MEMBER(pflow_host, host_data);
    MEMBER(pflow_host, values);
    MEMBER(pflow_host, get_extension);
    MEMBER(pflow_host, log_enabled);
    MEMBER(pflow_host, log);
    MEMBER(pflow_host, call_info);
    MEMBER(pflow_host, params);
    MEMBER(pflow_host, store_get);
    MEMBER(pflow_host, store_set);
    MEMBER(pflow_host, set_action);
    MEMBER(pflow_host, set_error);
    MEMBER(pflow_host, emit_chunk);
    MEMBER(pflow_host, emit);
    MEMBER(pflow_host, report_llm_usage);
    MEMBER(pflow_host, is_cancelled);
    MEMBER(pflow_host, complete);
    END(pflow_host)
    STRUCT(pflow_node_type);
    MEMBER(pflow_node_type, struct_size);
    MEMBER(pflow_node_type, flags);
    MEMBER(pflow_node_type, type_name);
    MEMBER(pflow_node_type, version);
    MEMBER(pflow_node_type, descriptor_json);
    MEMBER(pflow_node_type, max_concurrency);
    MEMBER(pflow_node_type, reserved0);
    MEMBER(pflow_node_type, type_data);
    MEMBER(pflow_node_type, create);
    MEMBER(pflow_node_type, destroy);
    MEMBER(pflow_node_type, run);
    MEMBER(pflow_node_type, cancel);
    MEMBER(pflow_node_type, get_extension);
    END(pflow_node_type)
    STRUCT(pflow_node_factory);
    MEMBER(pflow_node_factory, struct_size);
    MEMBER(pflow_node_factory, reserved0);
    MEMBER(pflow_node_factory, count);
    MEMBER(pflow_node_factory, at);
    END(pflow_node_factory)
    STRUCT(pflow_plugin_entry);
    MEMBER(pflow_plugin_entry, magic);
    MEMBER(pflow_plugin_entry, struct_size);
    MEMBER(pflow_plugin_entry, abi_major);
    MEMBER(pflow_plugin_entry, abi_minor);
    MEMBER(pflow_plugin_entry, min_host_minor);
    MEMBER(pflow_plugin_entry, reserved0);
    MEMBER(pflow_plugin_entry, flags);
    MEMBER(pflow_plugin_entry, reserved1);
    MEMBER(pflow_plugin_entry, id);
    MEMBER(pflow_plugin_entry, version);
    MEMBER(pflow_plugin_entry, init);
    MEMBER(pflow_plugin_entry, deinit);
    MEMBER(pflow_plugin_entry, get_factory);
    END(pflow_plugin_entry)
    STRUCT(pflow_host_secrets);
    MEMBER(pflow_host_secrets, struct_size);
    MEMBER(pflow_host_secrets, reserved0);
    MEMBER(pflow_host_secrets, get);
    END(pflow_host_secrets)
    STRUCT(pflow_header);
    MEMBER(pflow_header, name);
    MEMBER(pflow_header, value);
    END(pflow_header)
    STRUCT(pflow_http_request);
    MEMBER(pflow_http_request, struct_size);
    MEMBER(pflow_http_request, flags);
    MEMBER(pflow_http_request, method);
    MEMBER(pflow_http_request, url);
    MEMBER(pflow_http_request, body);
    MEMBER(pflow_http_request, ca_file);
    MEMBER(pflow_http_request, headers);
    MEMBER(pflow_http_request, n_headers);
    MEMBER(pflow_http_request, timeout_ms);
    MEMBER(pflow_http_request, connect_timeout_ms);
    MEMBER(pflow_http_request, idle_timeout_ms);
    MEMBER(pflow_http_request, max_redirects);
    MEMBER(pflow_http_request, max_response_bytes);
    END(pflow_http_request)
    STRUCT(pflow_http_head);
    MEMBER(pflow_http_head, struct_size);
    MEMBER(pflow_http_head, status);
    MEMBER(pflow_http_head, url);
    MEMBER(pflow_http_head, headers);
    MEMBER(pflow_http_head, n_headers);
    END(pflow_http_head)
    STRUCT(pflow_http_result);
    MEMBER(pflow_http_result, struct_size);
    MEMBER(pflow_http_result, reserved0);
    MEMBER(pflow_http_result, error);
    MEMBER(pflow_http_result, bytes_in);
    MEMBER(pflow_http_result, bytes_out);
    MEMBER(pflow_http_result, total_ns);
    MEMBER(pflow_http_result, ttfb_ns);
    END(pflow_http_result)
    STRUCT(pflow_http_handler);
    MEMBER(pflow_http_handler, struct_size);
    MEMBER(pflow_http_handler, reserved0);
    MEMBER(pflow_http_handler, user);
    MEMBER(pflow_http_handler, on_head);
    MEMBER(pflow_http_handler, on_data);
    MEMBER(pflow_http_handler, on_done);
    END(pflow_http_handler)
    STRUCT(pflow_host_http);
    MEMBER(pflow_host_http, struct_size);
    MEMBER(pflow_host_http, reserved0);
    MEMBER(pflow_host_http, send);
    MEMBER(pflow_host_http, abort);
    MEMBER(pflow_host_http, resume);
    MEMBER(pflow_host_http, perform);
    END(pflow_host_http)
    CONSTANT(PFLOW_OK);
    CONSTANT(PFLOW_PENDING);
    CONSTANT(PFLOW_E_INVALID);
    CONSTANT(PFLOW_E_NOT_FOUND);
    CONSTANT(PFLOW_E_TYPE);
    CONSTANT(PFLOW_E_DENIED);
    CONSTANT(PFLOW_E_CANCELLED);
    CONSTANT(PFLOW_E_TIMEOUT);
    CONSTANT(PFLOW_E_UNAVAILABLE);
    CONSTANT(PFLOW_E_RATE_LIMIT);
    CONSTANT(PFLOW_E_AUTH);
    CONSTANT(PFLOW_E_IO);
    CONSTANT(PFLOW_E_UNSUPPORTED);
    CONSTANT(PFLOW_E_NOMEM);
    CONSTANT(PFLOW_E_INTERNAL);
    CONSTANT(PFLOW_T_NULL);
    CONSTANT(PFLOW_T_BOOL);
    CONSTANT(PFLOW_T_INT);
    CONSTANT(PFLOW_T_FLOAT);
    CONSTANT(PFLOW_T_STRING);
    CONSTANT(PFLOW_T_ARRAY);
    CONSTANT(PFLOW_T_OBJECT);
    CONSTANT(PFLOW_T_BYTES);
    CONSTANT(PFLOW_LOG_TRACE);
    CONSTANT(PFLOW_LOG_DEBUG);
    CONSTANT(PFLOW_LOG_INFO);
    CONSTANT(PFLOW_LOG_WARN);
    CONSTANT(PFLOW_LOG_ERROR);
    CONSTANT(PFLOW_ERR_RETRYABLE);
    CONSTANT(PFLOW_ERR_USER_SAFE);
    CONSTANT(PFLOW_USAGE_ESTIMATED);
    CONSTANT(PFLOW_USAGE_PARTIAL);
    CONSTANT(PFLOW_USAGE_HAS_COST);
    CONSTANT(PFLOW_NODE_CONCURRENT);
    CONSTANT(PFLOW_NODE_NONBLOCKING);
    CONSTANT(PFLOW_NODE_IDEMPOTENT);
    CONSTANT(PFLOW_SECRET);
    CONSTANT(PFLOW_HTTP_NO_REDIRECT);
    CONSTANT(PFLOW_HTTP_INSECURE_TLS);
    CONSTANT(PFLOW_HTTP_RAW_BODY);
    CONSTANT(PFLOW_ABI_MAJOR);
    CONSTANT(PFLOW_ENTRY_MAGIC);
    CONSTANT(PFLOW_HOST_SIZE_1_0);
    CONSTANT(PFLOW_NODE_TYPE_SIZE_1_0);
    CONSTANT(PFLOW_ENTRY_SIZE_1_0);
    CONSTANT(PFLOW_LLM_USAGE_SIZE_1_0);
    CONSTANT(PFLOW_ERROR_SIZE_1_0);
    TEXT(PFLOW_FACTORY_NODES);
    TEXT(PFLOW_EXT_SECRETS);
    return missing;
}
