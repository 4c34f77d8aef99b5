using HvBindgen.Generator.Inspect;
using Xunit;

namespace HvBindgen.Generator.Tests.Inspect;

public sealed class ShowTests
{
    [Fact]
    public void A_record_is_drawn_with_its_bytes_bits_holes_and_CSharp() => Verifier.Verify(Show("shape", Page.Unlimited, "x86_64"));

    [Fact]
    public void Targets_stand_side_by_side_where_they_differ() => Verifier.Verify(Show("shape", Page.Unlimited, "x86_64", "i686"));

    [Fact]
    public void Maps_of_two_targets_stand_beside_each_other_where_both_fit() => Verifier.Verify(Show("shape", 160, "x86_64", "i686"));

    [Fact]
    public void A_terminal_of_80_columns_shows_a_record() => Verifier.Verify(Show("shape", 80, "x86_64"));

    [Fact]
    public void A_member_is_drawn_with_what_is_inside_it() => Verifier.Verify(Show("shape.parts", Page.Unlimited, "x86_64"));

    [Fact]
    public void An_enumerator_is_shown_in_its_enum() => Verifier.Verify(Show("SHAPE_ROUND", Page.Unlimited, "x86_64"));

    [Fact]
    public void Constants_are_shown_in_every_form() => Verifier.Verify(
        Show("SHAPE_MASK", Page.Unlimited, "x86_64") + Show("COLOUR_RED", Page.Unlimited, "x86_64") + Show(
            "SHAPE_NAME", Page.Unlimited, "x86_64"));

    [Fact]
    public void A_typedef_is_followed_on_each_target() => Verifier.Verify(Show("size", Page.Unlimited, "x86_64", "i686"));

    [Fact]
    public void A_pattern_lists_names() =>
        Verifier.Verify(DeclarationPage.List(new Catalogue([Sets.Shapes("x86_64", "s390x")]).Find("*shape*"), Page.Unlimited).ToString());

    [Fact]
    public void A_request_is_shown_with_each_of_its_arguments() =>
        Verifier.Verify(DeclarationPage.Draw(new Catalogue(Sets.Committed).Find("MSHV_CREATE_PARTITION")[0], 100).ToString());

    [Fact]
    public void The_kernel_s_memory_intercept_is_shown() =>
        Verifier.Verify(
            DeclarationPage.Draw(new Catalogue(Sets.Committed).Find("struct hv_x64_memory_intercept_message")[0], 120).ToString());

    [Theory]
    [InlineData("shap", "shape")]
    [InlineData("SHAPE_ROUNT", "SHAPE_ROUND")]
    [InlineData("message_part", "part_message")]
    [InlineData("struct shape_prat", "shape_part")]
    public void A_mistyped_name_brings_the_nearest(string name, string meant)
    {
        InspectException fault = Assert.Throws<InspectException>(() => new Catalogue([Sets.Shapes("x86_64")]).Find(name));

        Assert.Contains(meant, fault.Message + fault.Remedy, StringComparison.Ordinal);
        Assert.False(fault.IsInput);
    }

    [Fact]
    public void A_mistyped_member_brings_the_nearest()
    {
        Declaration found = new Catalogue([Sets.Shapes("x86_64")]).Find("shape.lenght")[0];

        InspectException fault = Assert.Throws<InspectException>(() => DeclarationPage.Draw(found, Page.Unlimited));
        Assert.Contains("did you mean length?", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(110)]
    [InlineData(200)]
    public void Every_committed_declaration_can_be_drawn_and_no_line_is_wider_than_the_terminal(int width)
    {
        Catalogue catalogue = new(Sets.Committed);
        int count = 0;
        foreach (string name in catalogue.Names)
        {
            foreach (Declaration declaration in catalogue.Find(name)
                .Where(one => one.Kind is DeclarationKind.Record or DeclarationKind.Ioctl))
            {
                using StringWriter shown = new();
                DeclarationPage.Draw(declaration, width).Write(shown, isColoured: false, width);

                // A name alone may be wider: it is not cut.
                foreach (string line in shown.ToString().Split('\n').Where(line => line.Trim().Contains(' ', StringComparison.Ordinal)))
                {
                    Assert.True(line.Length <= width, $"{name}: {line.Length} columns: {line}");
                }

                count++;
            }
        }

        Assert.True(count > 300);
    }

    [Fact]
    public void Colours_change_nothing_but_colours()
    {
        Page page = DeclarationPage.Draw(new Catalogue([Sets.Shapes("x86_64")]).Find("shape")[0], 100);
        using StringWriter coloured = new();
        page.Write(coloured, isColoured: true);

        Assert.Contains("\e[36mlength\e[0m", coloured.ToString(), StringComparison.Ordinal);
        Assert.Equal(page.ToString(), System.Text.RegularExpressions.Regex.Replace(coloured.ToString(), "\e\\[[0-9;]*m", ""));
    }

    private static string Show(string name, int width, params string[] targets) =>
        DeclarationPage.Draw(new Catalogue([Sets.Shapes(targets)]).Find(name)[0], width).ToString();
}
