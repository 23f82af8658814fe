#pragma once
#include <string>
#include <string_view>

namespace pflow::llm::ollama {

/// The base URL that OLLAMA_HOST means, by Ollama's own rules: "host", "host:port", ":port" or a URL. Without a scheme
/// it is http and port 11434; with one, the scheme's own port. An address to listen on, 0.0.0.0 or [::], means this
/// machine. No slash at the end. An empty text means http://127.0.0.1:11434.
[[nodiscard]] std::string base_url_of(std::string_view host);

}  // namespace pflow::llm::ollama
