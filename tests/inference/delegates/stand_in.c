/* A delegate that stands in for an accelerator: it takes one node of a model, and can be made to fail in each way.

   What it does comes from its options, or from the macros of the same names where it is built for a kind of accelerator
   that has no options:
     create  what happens when it is made: "", "refuse", "hang" or "crash"
     call    what happens when its node is run: "", "fail", "hang", "crash", "wrong" or "slow"
     while   the fault is there only while this file exists; "": always

   The structures are the part of the runtimes' stable C interface that is needed here. They end before the fields that
   differ between versions. */

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CREATE
#define CREATE ""
#endif
#ifndef CALL
#define CALL ""
#endif
#ifndef WHILE
#define WHILE ""
#endif

enum { OK = 0, ERROR = 1 };
enum { TRANSPOSE = 39 }; /* the code of the operator that it takes */

typedef struct {
  int size;
  int data[];
} IntArray;

typedef struct {
  int type;
  union {
    int8_t *int8;
    int32_t *int32;
  } data;
  IntArray *dims;
  struct {
    float scale;
    int32_t zero_point;
  } params;
  int allocation_type;
  size_t bytes;
  const void *allocation;
  const char *name;
  void *delegate;
  int buffer_handle;
  char data_is_stale, is_variable;
  struct {
    int type;
    void *params;
  } quantization;
  void *sparsity;
  const IntArray *dims_signature;
} Tensor;

typedef struct {
  IntArray *inputs;
  IntArray *outputs;
} Node; /* only ever met by its address */

typedef struct Context Context;

typedef struct {
  void *(*init)(Context *, const char *, size_t);
  void (*free)(Context *, void *);
  int (*prepare)(Context *, Node *);
  int (*invoke)(Context *, Node *);
  const char *(*profiling_string)(const Context *, const Node *);
  int32_t builtin_code;
  const char *custom_name;
  int version;
  void *later_fields[8]; /* it is handed over by value: what newer runtimes read behind the version has to be 0 */
} Registration;

typedef struct Delegate Delegate;

struct Context {
  size_t tensors_size;
  int (*get_execution_plan)(Context *, IntArray **);
  Tensor *tensors;
  void *impl;
  int (*resize_tensor)(Context *, Tensor *, IntArray *);
  void (*report_error)(Context *, const char *, ...);
  int (*add_tensors)(Context *, int, int *);
  int (*get_node_and_registration)(Context *, int, Node **, Registration **);
  int (*replace_nodes)(Context *, Registration, const IntArray *, Delegate *);
};

struct Delegate {
  void *data;
  int (*prepare)(Context *, Delegate *);
  int (*copy_from_buffer)(Context *, Delegate *, int, Tensor *);
  int (*copy_to_buffer)(Context *, Delegate *, int, Tensor *);
  void (*free_buffer)(Context *, Delegate *, int *);
  int64_t flags;
  void *opaque_builder;
};

static char on_create[16] = CREATE, on_call[16] = CALL, only_while[4096] = WHILE;

static int now(const char *fault, const char *name) {
  return strcmp(fault, name) == 0 && (only_while[0] == 0 || access(only_while, F_OK) == 0);
}

static void break_down(const char *fault) {
  while (now(fault, "hang")) usleep(10000);
  if (now(fault, "crash")) raise(SIGSEGV);
}

/* Transpose int8 of any number of dimensions. */
static void transpose(const Tensor *in, const int32_t *order, const Tensor *out) {
  int rank = in->dims->size;
  int index[8] = {0}, stride[8];
  stride[rank - 1] = 1;
  for (int i = rank - 1; i > 0; i--) stride[i - 1] = stride[i] * in->dims->data[i];
  for (size_t to = 0; to < out->bytes; to++) {
    size_t from = 0;
    for (int i = 0; i < rank; i++) from += (size_t)index[i] * stride[order[i]];
    out->data.int8[to] = in->data.int8[from];
    for (int i = rank - 1; i >= 0 && ++index[i] == out->dims->data[i]; i--) index[i] = 0;
  }
}

static int invoke(Context *context, Node *node) {
  break_down(on_call);
  if (now(on_call, "fail")) return ERROR;
  if (now(on_call, "slow")) usleep(200000);
  Tensor *out = &context->tensors[node->outputs->data[0]];
  Tensor *in = NULL, *order = NULL;
  for (int i = 0; i < node->inputs->size; i++) {
    Tensor *each = &context->tensors[node->inputs->data[i]];
    if (each->type == out->type) in = each;
    else order = each;
  }
  if (in == NULL || order == NULL) return ERROR;
  transpose(in, order->data.int32, out);
  if (now(on_call, "wrong"))
    for (size_t i = 0; i < out->bytes; i++) out->data.int8[i] = (int8_t)(i * 31);
  return OK;
}

static int prepare_node(Context *context, Node *node) {
  (void)context, (void)node;
  return OK;
}

/* Take the first node that transposes. */
static int prepare(Context *context, Delegate *delegate) {
  IntArray *plan;
  if (context->get_execution_plan(context, &plan) != OK) return ERROR;
  for (int i = 0; i < plan->size; i++) {
    Node *node;
    Registration *registration;
    if (context->get_node_and_registration(context, plan->data[i], &node, &registration) != OK) return ERROR;
    if (registration->builtin_code != TRANSPOSE) continue;
    Registration ours = {.prepare = prepare_node, .invoke = invoke, .custom_name = "StandIn", .version = 1};
    int nodes[2] = {1, plan->data[i]};
    return context->replace_nodes(context, ours, (const IntArray *)nodes, delegate);
  }
  return OK;
}

static void option(char *value, size_t size, const char *name, char **keys, char **values, int count) {
  for (int i = 0; i < count; i++)
    if (strcmp(keys[i], name) == 0) snprintf(value, size, "%s", values[i]);
}

void *tflite_plugin_create_delegate(char **keys, char **values, size_t count, void (*report_error)(const char *)) {
  option(on_create, sizeof on_create, "create", keys, values, (int)count);
  option(on_call, sizeof on_call, "call", keys, values, (int)count);
  option(only_while, sizeof only_while, "while", keys, values, (int)count);
  fprintf(stderr, "stand-in: here\n"); /* libraries talk */
  break_down(on_create);
  if (now(on_create, "refuse")) {
    report_error("no device is plugged in");
    return NULL;
  }
  Delegate *delegate = calloc(1, sizeof *delegate);
  delegate->prepare = prepare;
  return delegate;
}

void tflite_plugin_destroy_delegate(void *delegate) { free(delegate); }
