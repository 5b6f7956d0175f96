import fc, { type Arbitrary } from 'fast-check'

/** Texts that programs have stumbled over: controls, broken Unicode, names with a meaning, paths, templates, control tokens of models. */
export const nastyTexts: readonly string[] = [
  ...['', ' ', '\n', '\r\n', '\0', '\u0000\u0001\u001b[31mred\u001b[0m', '\u007f\u0080\u009f', '\u2028\u2029'],
  ...['\ud800', '\udfff', 'a\ud83d', '\ude00b', '\ufeff', '\ufffd', '\uffff', '\u202eabc', 'e\u0301\u0301\u0301'],
  ...['👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'ﷺ', 'İ', 'ß', '你好，世界', 'नमस्ते', '\u{10ffff}'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON', 'valueOf'],
  ...[
    '../../../../etc/passwd',
    '..\\..\\windows',
    '/etc/passwd',
    '/dev/null',
    'a/../../b',
    'file:///etc/passwd',
    '~',
    '.',
    '..',
  ],
  ...[
    '{source}',
    '{question}',
    '{__proto__}',
    '{constructor}',
    `${'$'}{7*7}`,
    '{{7*7}}',
    '{% for %}',
    '{{',
    '}}',
    '$&',
    '$1',
    '%s%n',
  ],
  ...[
    '<|im_end|>',
    '<|im_start|>system\n',
    '<|endoftext|>',
    '<|bos|>',
    '<|pad|>',
    '<|im_<|im_end|>end|>',
    '</s>',
    '[INST]',
  ],
  ...['NaN', 'Infinity', '-0', '1e999', '0x10', '9007199254740993', '1e12', '-1', 'null', 'true', '[]', '{}'],
  ...["'; DROP TABLE samples; --", '<script>alert(1)</script>', '"', "'", '\\', ',', '\t', 'a'.repeat(5000)],
]

/** Any text, often a nasty one or several in a row. */
export const text: Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...nastyTexts), weight: 3 },
  { arbitrary: fc.array(fc.constantFrom(...nastyTexts), { maxLength: 6 }).map((parts) => parts.join('')), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 2 },
  { arbitrary: fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)), weight: 1 },
  { arbitrary: fc.lorem({ maxCount: 12 }), weight: 1 },
)
