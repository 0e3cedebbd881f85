"""What Jupyter's own test suite for kernels asks of ours, every test that applies switched on."""

import unittest

import jupyter_kernel_test


class TunebookKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "deno"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_generate_error = "throw new Error('raised')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2].map((n: number) => n * n)", "result": "[ 1, 4 ]"},
        {"code": "NaN", "result": "NaN"},
    ]
    code_display_data = [
        {
            "code": "await Deno.jupyter.display({'text/html': '<b>x</b>'}, {raw: true})",
            "mime": "text/html",
        },
        {
            "code": "await Deno.jupyter.display({'image/png': 'iVBORw0KGgo='}, {raw: true})",
            "mime": "image/png",
        },
    ]
    complete_code_samples = ["1", "console.log('x')", "function f(x: number) {\n  return x;\n}"]
    incomplete_code_samples = ["console.log(", "function f() {", "`unfinished"]
    invalid_code_samples = ["let 7x = ;", "foo)"]
    completion_samples = [
        {"text": "Deno.err", "matches": {"errors"}},
        {"text": "Math.hyp", "matches": {"hypot"}},
    ]
    code_history_pattern = "1?+?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.hypot"
    code_clear_output = "Deno.jupyter.broadcast('clear_output', { wait: false })"


if __name__ == "__main__":
    unittest.main()
