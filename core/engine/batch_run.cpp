#include "core/engine/batch_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/engine/outcome.hpp"
#include "core/template/resolver.hpp"

namespace pflow {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostWarnings = 100;

double ms_between(SteadyTime from, SteadyTime to) noexcept {
  return static_cast<double>(ns_between(from, to)) / 1e6;
}

}  // namespace

BatchRun::BatchRun(const Plan& plan, const PlanNode& node, SharedStore& store, CallLoop& loop,
                   const RunOptions& options, const WalkLimits& limits, const Flight& whole, BatchOwner& owner)
    : plan_(plan),
      node_(node),
      store_(store),
      loop_(loop),
      options_(options),
      limits_(limits),
      whole_(whole.call()),
      first_lane_(whole.lane() * node.batch->max_concurrent),
      owner_(owner) {}

bool BatchRun::begin() {
  started_ = Clock::now();
  if (plan_.namespaced) whole_->narrow_to(whole_->identity().node);
  whole_->begin_attempt(1, std::nullopt);
  if (options_.observer != nullptr) whole_->start_clock();
  if (!read_items() || items_.size() == 0) {
    if (!whole_->failure()) finish();
    tell_whole();
    return true;
  }
  outputs_ = BatchOutputs(items_.size());
  if (options_.observer != nullptr) options_.observer->batch_started(node_, items_.size());
  pump();
  return done();
}

// A batch without items, or whose items cannot be read, is a call of its own for who watches.
void BatchRun::tell_whole() {
  store_.mark_run(whole_->identity().node);
  whole_->set_number(loop_.next_number());
  calls_ = 1;
  if (whole_->failure()) commit_outcome(plan_, node_, *whole_);
  if (options_.observer == nullptr) return;
  options_.observer->call_started(node_, *whole_);
  whole_->stop_clock();
  options_.observer->call_settled(node_, *whole_);
  options_.observer->call_ended(node_, *whole_);
}

bool BatchRun::read_items() {
  TemplateResolver resolver(plan_.on_missing);
  Result<Value> params = node_.batch->items.resolve(resolver, whole_->scope());
  if (params) {
    items_ = params->members().front().value;
    if (items_.is_array()) return true;
  }
  Failure f;
  f.kind = FailureKind::kInvalidParameters;
  f.code = params ? Code::kInvalidParameter : params.error().code;
  f.message = fmt::format("its batch has no items: {}", params ? "they are no array" : params.error().message);
  f.hint = params ? "" : params.error().hint;
  whole_->fail(std::move(f));
  return false;
}

void BatchRun::stop() {
  closed_ = true;
  stop_items();
}

void BatchRun::stop_items() {
  for (Item& item : slots_)
    loop_.stop(item);
}

BatchRun::Item* BatchRun::idle_item() {
  if (!idle_.empty()) {
    Item* const item = idle_.back();
    idle_.pop_back();
    return item;
  }
  if (slots_.size() >= node_.batch->max_concurrent) {
    if (under_way_ != 0 || retired_.empty()) return nullptr;
    Item* const item = retired_.back();  // no other is left: what it says ends the batch
    retired_.pop_back();
    return item;
  }
  Item& item = slots_.emplace_back(*this, limits_);
  item.lane = first_lane_ + slots_.size() - 1;
  return &item;
}

void BatchRun::pump() {
  while (!closed_ && next_ < items_.size()) {
    if (const Ending ending = loop_.over(limits_); ending != Ending::kEnded) {
      closed_ = true;
      broken_ = loop_.reason(ending, limits_);
      broken_->message =
          fmt::format("{} of {} items were not begun: {}", items_.size() - next_, items_.size(), broken_->message);
      if (under_way_ == 0) finish();
      return;
    }
    Item* const item = idle_item();
    if (item == nullptr) return;
    item->index = next_++;
    if (begin_item(*item)) {
      end_item(*item);
    } else {
      ++under_way_;
    }
  }
}

bool BatchRun::begin_item(Item& item) {
  item.release();
  loop_.renew(item.call);
  item.outputs.clear();
  item.locals.set(node_.batch->as, item_at(item.index));
  item.locals.set(kBatchIndexName, Value::integer(static_cast<std::uint64_t>(item.index)));
  Call::Identity identity = whole_->identity();
  identity.batch_index = static_cast<std::int64_t>(item.index);
  identity.number = loop_.next_number();
  Scope scope = Scope::root_of(store_);
  scope.set_locals(&item.locals);
  scope.set_target(&item.outputs);
  item.call->begin(identity, scope);
  if (node_.params.is_constant()) item.call->set_params(node_.params.constant());
  item.prepare(node_, item.lane, item.call);
  item.started = Clock::now();
  return loop_.start(item);
}

void BatchRun::flight_over(Flight& flight) {
  --under_way_;
  end_item(static_cast<Item&>(flight));
  pump();
  if (done()) owner_.batch_over();
}

void BatchRun::end_item(Item& item) {
  Call& call = *item.Flight::call();
  const bool began = item.told();
  if (began) {
    ++calls_;
    commit_outcome(plan_, node_, call);
    if (options_.observer != nullptr) options_.observer->call_settled(node_, call);
    outputs_.timed(ms_between(item.started, Clock::now()));
    note_warnings(item);
  }
  if (call.failure()) {
    note_failure(item, *call.failure());
  } else {
    outputs_.succeeded(item.index, item.outputs, item_at(item.index));
  }
  const bool node_is_held = call.abandoned() && !node_.type->concurrent;
  (node_is_held ? retired_ : idle_).push_back(&item);
  if (done()) finish();
  if (began && options_.observer != nullptr) options_.observer->call_ended(node_, call);
}

// What a hundred items have to say is as good as what a hundred thousand have.
void BatchRun::note_warnings(Item& item) {
  pflow::take_warnings(node_, *item.Flight::call(), told_);
  if (told_.warnings.size() <= kMostWarnings) return;
  untold_ += told_.warnings.size() - kMostWarnings;
  told_.warnings.resize(kMostWarnings);
}

void BatchRun::note_failure(const Item& item, const Failure& failure) {
  const bool ends_all = failure.kind == FailureKind::kCancelled;
  if (ends_all && closed_) return;  // asked to, for what is known already
  outputs_.failed(item.index, item_at(item.index), failure);
  Failure told = failure;
  told.message = fmt::format("item {}: {}", item.index, failure.message);
  if (ends_all || node_.batch->fail_fast) {
    if (!broken_) broken_ = ends_all ? failure : told;
    const bool others_go_on = ends_all && loop_.over(limits_) == Ending::kClosed;
    if (!std::exchange(closed_, true) && !others_go_on) stop_items();
  }
  if (!first_failure_) first_failure_ = std::move(told);
}

std::optional<Failure> BatchRun::failure_of_whole() const {
  if (broken_) return broken_;
  if (closed_) return loop_.reason(Ending::kStopped, limits_);
  if (items_.size() == 0 || outputs_.failures() < items_.size()) return std::nullopt;
  Failure f = *first_failure_;
  if (items_.size() > 1) f.message = fmt::format("all {} items failed; {}", items_.size(), f.message);
  return f;
}

// What the items became is the node's, failed or not, before the last of them is told to have ended.
void BatchRun::finish() {
  if (std::optional<Failure> failure = failure_of_whole()) whole_->fail(std::move(*failure));
  outputs_.write(*node_.batch, ms_between(started_, Clock::now()), *whole_);
  commit_outcome(plan_, node_, *whole_);
  store_.mark_run(whole_->identity().node);
  if (options_.observer != nullptr && items_.size() != 0) options_.observer->batch_ended(node_);
  if (untold_ != 0) {
    Error e;
    e.code = told_.warnings.back().code;
    e.node_id = node_.id;
    e.where = node_.place;
    e.message = fmt::format("node \"{}\": {} more warnings of its items are not listed", node_.id, untold_);
    told_.warnings.push_back(std::move(e));
  }
  if (whole_->failure() || outputs_.failures() == 0) return;
  if (told_.status == RunStatus::kSuccess) told_.status = RunStatus::kDegraded;
  Error e = error_of(node_, *first_failure_);
  e.code = Code::kItemsFailed;
  e.message = fmt::format("node \"{}\": {} of {} items failed; {}", node_.id, outputs_.failures(), items_.size(),
                          first_failure_->message);
  told_.warnings.push_back(std::move(e));
}

void BatchRun::take_warnings(RunResult& result) {
  if (told_.status == RunStatus::kDegraded && result.status == RunStatus::kSuccess) result.status = told_.status;
  std::move(told_.warnings.begin(), told_.warnings.end(), std::back_inserter(result.warnings));
  told_.warnings.clear();
}

}  // namespace pflow
