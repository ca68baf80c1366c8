# The last line may lack a newline.
undefined_name