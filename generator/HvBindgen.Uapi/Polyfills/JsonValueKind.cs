namespace System.Text.Json;

/// <summary>What a value of JSON is.</summary>
internal enum JsonValueKind
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}
